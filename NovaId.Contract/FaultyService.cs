namespace NovaId.Contract;

/// <summary>What can fail.</summary>
public enum FaultyService
{
    /// <summary>Kratos, for whoever asks it.</summary>
    Kratos,

    /// <summary>Keto, for whoever asks it.</summary>
    Keto,

    /// <summary>Hydra, for whoever asks it.</summary>
    Hydra,

    /// <summary>The gateway as the API sees it; callers from outside reach it all the same.</summary>
    Gateway,
}
