namespace NovaId.Api.Ranks;

/// <summary>Ranks and their names. Names count as they are written: Keto does not know <c>major</c>.</summary>
internal static class RankNames
{
    private static readonly Dictionary<string, Rank> ByName =
        Enum.GetValues<Rank>().ToDictionary(rank => rank.ToString(), StringComparer.Ordinal);

    /// <summary>Every rank, the highest first.</summary>
    public static IReadOnlyList<Rank> HighestFirst { get; } = [.. Enum.GetValues<Rank>().OrderDescending()];

    public static bool TryParse(string? name, out Rank rank)
    {
        rank = default;
        return name is not null && ByName.TryGetValue(name, out rank);
    }
}
