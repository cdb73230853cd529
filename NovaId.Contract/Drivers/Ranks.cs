namespace NovaId.Contract.Drivers;

/// <summary>The ranks and what they allow, as the design says it: what a zone answers is held against this.</summary>
public static class Ranks
{
    /// <summary>Every rank, highest first.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];

    /// <summary>The lowest rank that has each capability.</summary>
    public static IReadOnlyDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>
    {
        ["users.view"] = "Sergeant",
        ["logs.view"] = "Major",
        ["users.edit"] = "Major",
        ["ranks.assign"] = "Major",
        ["users.deactivate"] = "Colonel",
        ["permissions.manage"] = "Colonel",
        ["keys.manage"] = "General",
    };

    /// <summary>General 8 … Private 1, none 0.</summary>
    public static int Level(string? rank) => rank is null ? 0 : All.Count - Index(rank);

    /// <summary>Whether the holder of a rank holds at least another.</summary>
    public static bool AtLeast(string? holder, string rank) => Level(holder) >= Level(rank);

    /// <summary>Whether the holder of a rank commands another.</summary>
    public static bool Commands(string? holder, string rank) => Level(holder) > Level(rank);

    private static int Index(string rank) =>
        All.Index().First(item => item.Item == rank).Index;
}
