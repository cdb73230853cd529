namespace NovaId.Emulator.Kratos;

/// <summary>What became of a submitted code.</summary>
internal enum CodeUse
{
    /// <summary>It was right, and is spent now.</summary>
    Accepted,

    /// <summary>The flow has no such code.</summary>
    Unknown,

    /// <summary>It was right once.</summary>
    Expired,

    /// <summary>It was right and is spent.</summary>
    AlreadyUsed,

    /// <summary>The flow takes no more codes.</summary>
    TooOften,
}
