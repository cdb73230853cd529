namespace NovaId.Admin.Log;

/// <summary>The access log in figures.</summary>
public sealed record LogStatistics(
    long Total, long Allowed, long Denied, IReadOnlyDictionary<string, long> ByStatus, IReadOnlyDictionary<string, long> ByPath);
