namespace NovaId.Emulator.Hydra;

/// <summary>The JSON type of a member of a client's metadata.</summary>
internal enum ClientMemberKind
{
    Text,
    List,
    Flag,

    /// <summary>A flag that may be unset, and is null then.</summary>
    OptionalFlag,

    /// <summary>A duration in Go's form; null where the global lifespan holds.</summary>
    Duration,

    /// <summary>Any JSON, kept as it is.</summary>
    Any,
}
