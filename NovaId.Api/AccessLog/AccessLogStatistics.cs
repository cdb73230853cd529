namespace NovaId.Api.AccessLog;

/// <summary>The access log in figures.</summary>
/// <param name="Total">All decisions.</param>
/// <param name="Allowed">Those that allowed.</param>
/// <param name="Denied">The others.</param>
/// <param name="ByStatus">How many of each status.</param>
/// <param name="ByPath">How many of each endpoint, by its route.</param>
internal sealed record AccessLogStatistics(
    long Total,
    long Allowed,
    long Denied,
    IReadOnlyDictionary<string, long> ByStatus,
    IReadOnlyDictionary<string, long> ByPath);
