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
    IReadOnlyDictionary<string, long> ByPath)
{
    public static AccessLogStatistics None { get; } = new(0, 0, 0, new Dictionary<string, long>(), new Dictionary<string, long>());

    public AccessLogStatistics Plus(AccessLogStatistics other) => new(
        Total + other.Total,
        Allowed + other.Allowed,
        Denied + other.Denied,
        Sum(ByStatus, other.ByStatus).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(),
        Sum(ByPath, other.ByPath).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary());

    private static IEnumerable<KeyValuePair<string, long>> Sum(IReadOnlyDictionary<string, long> one, IReadOnlyDictionary<string, long> other) =>
        one.Concat(other).GroupBy(pair => pair.Key, (key, pairs) => KeyValuePair.Create(key, pairs.Sum(pair => pair.Value)));
}
