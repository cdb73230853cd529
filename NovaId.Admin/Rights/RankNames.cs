namespace NovaId.Admin.Rights;

/// <summary>The ranks, by the API's names.</summary>
internal static class RankNames
{
    /// <summary>Every rank, the highest first.</summary>
    public static IReadOnlyList<string> HighestFirst { get; } =
        ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];
}
