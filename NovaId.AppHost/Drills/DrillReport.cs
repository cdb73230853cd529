using System.Globalization;
using System.Text;

namespace NovaId.AppHost.Drills;

/// <summary>What was seen in a drill beside what must be seen.</summary>
/// <param name="Plan">What failed, and how.</param>
/// <param name="Rows">A line for each kind of caller.</param>
/// <param name="Recovery">How long it took, when the service was back, until everybody got what is theirs; null if it never came.</param>
internal sealed record DrillReport(DrillPlan Plan, IReadOnlyList<DrillRow> Rows, TimeSpan? Recovery)
{
    /// <summary>Why not everybody whom the drill made could be removed; empty if all were.</summary>
    public string Untidy { get; init; } = "";

    /// <summary>Whether nobody was let in who should not be, and everything is as it was.</summary>
    public bool Holds => Recovery is not null && Rows.All(row => row.IsAsExpected);

    /// <summary>The verdict in one or two sentences.</summary>
    public string Summary
    {
        get
        {
            var answers = Rows.Sum(row => row.Answers.Count);
            var failed = Rows.Sum(row => row.Answers.Count(answer => answer.Status != row.Caller.Status));
            var what = string.Create(CultureInfo.InvariantCulture, $"'{Plan.Service.Name}' was {Plan.Mode.ToString().ToLowerInvariant()} for {Plan.Duration.TotalSeconds:0} s");
            var verdict = Rows.FirstOrDefault(row => !row.IsAsExpected) is { } wrong
                ? $"It does not hold: while {what}, {wrong.Caller.Name} got {wrong.Seen} for {wrong.Caller.Path}."
                : string.Create(CultureInfo.InvariantCulture, $"It holds: while {what}, nobody was let in who should not be ({answers} requests, {failed} refused or without an answer because of it).");
            var back = Recovery is { } recovery
                ? string.Create(CultureInfo.InvariantCulture, $"Everybody had what is theirs {recovery.TotalSeconds:0.0} s after it was back.")
                : "Not everybody had what is theirs a minute after it was back.";
            return $"{verdict} {back}{(Untidy.Length > 0 ? $" People and keys of the drill are left: {Untidy}" : "")}";
        }
    }

    /// <summary>The verdict, and the table.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(Escape(Summary)).AppendLine();
        text.AppendLine("| who | asks for | otherwise | expected meanwhile | seen | longest | |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (var row in Rows)
        {
            string[] cells =
            [
                row.Caller.Name, $"`{row.Caller.Path}`", row.Caller.Status.ToString(CultureInfo.InvariantCulture), row.Expected, row.Seen,
                row.Longest, row.IsAsExpected ? "ok" : "**differs**",
            ];
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells.Select(Escape))} |");
        }

        return text.ToString();
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}

/// <summary>What came of one kind of caller's requests.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Answers">The answers while the service failed.</param>
internal sealed record DrillRow(DrillCaller Caller, IReadOnlyList<DrillAnswer> Answers)
{
    /// <summary>What may come meanwhile: nothing that one has no right to.</summary>
    public string Expected => Caller.IsAllowed ? $"{Caller.Status}, or a refusal" : "a refusal";

    /// <summary>What came, the most frequent first.</summary>
    public string Seen => Answers.Count == 0
        ? "never asked"
        : string.Join(", ", Answers.GroupBy(answer => answer.Status).OrderByDescending(same => same.Count())
            .Select(same => string.Create(CultureInfo.InvariantCulture, $"{Drill.Words(same.Key)} × {same.Count()}")));

    /// <summary>The longest that the caller waited.</summary>
    public string Longest => Answers.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Answers.Max(answer => answer.Duration).TotalSeconds:0.0} s");

    /// <summary>Whether nothing else came. A drill in which a caller never had an answer or a refusal says nothing of that caller.</summary>
    public bool IsAsExpected => Answers.Count > 0 && Answers.All(Caller.IsSafe);
}
