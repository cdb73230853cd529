namespace NovaId.Api.AccessLog;

/// <summary>What a record of the chain tells of.</summary>
internal static class RecordKind
{
    public const string Decision = "decision";

    /// <summary>The records behind it were taken over from a log without a chain.</summary>
    public const string Migration = "migration";

    /// <summary>Old segments were removed.</summary>
    public const string Retention = "retention";
}
