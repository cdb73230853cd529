namespace NovaId.Bench.Population;

/// <summary>The ranks, as Keto knows them.</summary>
internal static class Ranks
{
    public const string Highest = "General";
    public const string Lowest = "Private";

    public static IReadOnlyList<string> All { get; } =
        [Highest, "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", Lowest];
}
