using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>What was seen from each place, beside what the model says.</summary>
/// <param name="Rows">Every line; the first ones are the API's own view.</param>
/// <param name="Duration">How long it took to look.</param>
internal sealed record ReachabilityMatrix(IReadOnlyList<ReachabilityRow> Rows, TimeSpan Duration)
{
    private const int NamedInSummary = 5;

    /// <summary>The lines where the two are not the same.</summary>
    public IReadOnlyList<ReachabilityRow> Differences { get; } = [.. Rows.Where(row => !row.IsAsExpected)];

    /// <summary>Whether everything is as the model says.</summary>
    public bool IsProven => Rows.Count > 0 && Differences.Count == 0;

    /// <summary>The two lines that say it all: from the API, Kratos is not to be had, and the gateway is.</summary>
    public IReadOnlyList<ReachabilityRow> Headline { get; init; } = [];

    /// <summary>The result in one sentence; what differs is named.</summary>
    public string Summary
    {
        get
        {
            var places = Rows.Select(row => row.From).Distinct().Count();
            if (IsProven)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"All {Rows.Count} lines are as the model says, seen from {places} places in {Duration.TotalSeconds:0.0} s.");
            }

            var named = string.Join("; ", Differences.Take(NamedInSummary));
            var more = Differences.Count > NamedInSummary ? string.Create(CultureInfo.InvariantCulture, $"; and {Differences.Count - NamedInSummary} more") : "";
            return string.Create(CultureInfo.InvariantCulture, $"{Differences.Count} of {Rows.Count} lines are not as the model says: {named}{more}.");
        }
    }

    /// <summary>The whole proof: the headline, who reaches whom at a glance, what differs, and every line.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(Escape(Summary)).AppendLine();
        AppendRows(text, Headline);
        AppendGrid(text);
        if (Differences.Count > 0)
        {
            text.AppendLine().AppendLine("### Not as the model says").AppendLine();
            AppendRows(text, Differences);
        }

        text.AppendLine().AppendLine("### Every line").AppendLine();
        AppendRows(text, Together());
        return text.ToString();
    }

    private void AppendGrid(StringBuilder text)
    {
        var measured = Rows.Where(row => row.Port.Length > 0 && row.From != row.Target).ToArray();
        (string Target, string Port)[] columns = [.. measured.Select(row => (row.Target, row.Port)).Distinct()];
        text.AppendLine().AppendLine("### Who reaches whom").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| from | {string.Join(" | ", columns.Select(column => $"{column.Target} {column.Port}"))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(columns.Select(_ => ":-:|"))}");
        var cells = measured.ToLookup(row => (row.From, row.Target, row.Port));
        foreach (var from in measured.Select(row => row.From).Distinct())
        {
            var line = columns.Select(column => Cell([.. cells[(from, column.Target, column.Port)]]));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Escape(from)} | {string.Join(" | ", line)} |");
        }

        text.AppendLine().AppendLine("● answers, – does not, **≠** is not as the model says.");
    }

    private static string Cell(ReachabilityRow[] rows) =>
        rows.Length == 0 ? "" : Array.Exists(rows, row => !row.IsAsExpected) ? "**≠**" : Array.Exists(rows, row => row.Answered) ? "●" : "–";

    /// <summary>Names and addresses of which the same was seen stand in one line.</summary>
    private IEnumerable<ReachabilityRow> Together() =>
        from row in Rows
        group row.Address by row with { Address = "" } into same
        select same.Key with { Address = string.Join(", ", same) };

    private static void AppendRows(StringBuilder text, IEnumerable<ReachabilityRow> rows)
    {
        text.AppendLine("| from | to | name or address | port | expected | seen | |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            string[] cells = [row.From, row.Target, row.Address, row.Port, row.Expected, row.Seen, row.IsAsExpected ? "ok" : "**differs**"];
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells.Select(Escape))} |");
        }
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
