using System.Globalization;
using System.Text;
using NovaId.Bench.Measurement;

namespace NovaId.Bench.Report;

/// <summary>The figures as Markdown, which is readable on a console too.</summary>
internal sealed class BenchReport(ZoneFigures figures, Growth? growth, BenchPlan plan, string command, Machine machine, DateOnly date)
{
    /// <summary>How busy the processors were with something else, before and after; null where that is not known.</summary>
    public (double Before, double After)? OtherLoad { get; init; }

    public string Write(string? plot)
    {
        var text = new StringBuilder();
        text.AppendLine(Text($"Zone: {figures.Kind}. Machine: {machine}. Date: {date:yyyy-MM-dd}."));
        if (OtherLoad is { } other)
        {
            text.AppendLine(Text($"Processors busy with something else: {other.Before:P0} before the run, {other.After:P0} after it."));
        }

        text.AppendLine();
        text.AppendLine("```");
        text.AppendLine(command);
        text.AppendLine("```");
        text.AppendLine();
        WriteAims(text);
        if (plot is not null)
        {
            text.AppendLine();
            text.AppendLine(Text($"![Latency and growth, as in the tables below]({plot})"));
        }

        foreach (var connections in BenchPlan.Connections)
        {
            WriteFigures(text, connections);
        }

        WriteRatios(text);
        WriteMemory(text);
        WriteGrowth(text);
        return text.ToString();
    }

    private void WriteAims(StringBuilder text)
    {
        text.AppendLine("| aim | | seen |");
        text.AppendLine("|---|---|---|");
        foreach (var aim in Aims.Of(figures, growth))
        {
            text.AppendLine(Text($"| {aim.What} | **{aim.Verdict}** | {aim.Seen} |"));
        }
    }

    private void WriteFigures(StringBuilder text, int connections)
    {
        text.AppendLine();
        text.AppendLine(Text($"### {connections} connection{(connections == 1 ? "" : "s")}"));
        text.AppendLine();
        text.AppendLine("| path | p50 ms | p99 ms | requests/s | API CPU ms/request | requests |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (var path in figures.Paths)
        {
            var cell = figures.Measurements[path.Id, connections];
            text.AppendLine(Text(
                $"| {path.Title} | {cell.Percentile(50):0.00} | {cell.Percentile(99):0.00} | {cell.RequestsPerSecond:N0} | {Cpu(cell)} | {cell.Requests:N0} |"));
        }

        if (figures.MemoryAtMost is null)
        {
            text.AppendLine();
            text.AppendLine("The API's CPU time is left out: its process runs elsewhere.");
        }
    }

    private void WriteRatios(StringBuilder text)
    {
        text.AppendLine();
        text.AppendLine("### Each path as a ratio to its own limit");
        text.AppendLine();
        text.AppendLine(
            Text($"Formed from the medians of each of {plan.Rounds} rounds; the median of those, and in brackets the quartiles. The limit is ")
            + "the bare gateway hop and the slowest of the calls that may go side by side. *With authentication* the hop is one for which the "
            + "gateway authenticates the caller and signs the id_token, which it always does before it hands a request on. *All calls* "
            + "adds up every call, as where all processors are busy and side by side saves nothing.");
        text.AppendLine();
        text.AppendLine("| path | connections | p50 ms | limit ms | ratio to the limit | with authentication | all calls |");
        text.AppendLine("|---|---:|---:|---:|---|---|---|");
        foreach (var path in figures.Paths)
        {
            if (path.Limit is not { } limit)
            {
                continue;
            }

            foreach (var connections in BenchPlan.Connections)
            {
                var measurements = figures.Measurements;
                text.AppendLine(Text(
                    $"| {path.Title} | {connections} | {measurements[path.Id, connections].Percentile(50):0.00} ")
                    + Text($"| {measurements.Limit(limit, connections):0.00} ")
                    + Text($"| {Ratio(measurements.Ratio(path.Id, limit, connections))} ")
                    + Text($"| {Ratio(measurements.RatioWithAuthentication(path.Id, limit, connections))} ")
                    + Text($"| {Ratio(measurements.RatioToSum(path.Id, limit, connections))} |"));
            }
        }
    }

    private void WriteMemory(StringBuilder text)
    {
        if (figures.MemoryAtMost is not { } most || figures.MemoryAtStart is not { } start)
        {
            return;
        }

        text.AppendLine();
        text.AppendLine(Text($"The API's memory (resident): {start / 1e6:0} MB before the load, at most {most / 1e6:0} MB at 64 connections."));
    }

    private void WriteGrowth(StringBuilder text)
    {
        if (growth is null)
        {
            return;
        }

        text.AppendLine();
        text.AppendLine("### Growth");
        text.AppendLine();
        text.AppendLine(
            "Zones of several sizes, each with an API of its own, running at the same time and measured in turn; p50 as a ratio to the "
            + "smallest zone (10 identities, 10 relation tuples besides those of the configuration, its own access rules). Noise is how far "
            + "a second zone of that size differs from it on any path, or the bare gateway hop between the zones, "
            + Text($"and at least {Growth.LeastNoise:P0}; what is beyond it is in bold."));
        foreach (var connections in BenchPlan.GrowthConnections)
        {
            text.AppendLine();
            text.AppendLine(Text($"At {connections} connection{(connections == 1 ? "" : "s")} (noise {growth.Noise(connections):P0}):"));
            text.AppendLine();
            text.AppendLine(Text($"| zone | {string.Join(" | ", PathCatalog.Growing)} |"));
            text.AppendLine($"|---|{string.Concat(PathCatalog.Growing.Select(_ => "---:|"))}");
            foreach (var (zone, measurements) in growth.Zones)
            {
                var cells = PathCatalog.Growing.Select(path => zone.What.Length == 0
                    ? Text($"{measurements[path, connections].Percentile(50):0.00} ms")
                    : Bold(Text($"{growth.Ratio(zone, path, connections).Median:0.00}"), growth.HasGrown(zone, path, connections)));
                text.AppendLine(Text($"| {zone} | {string.Join(" | ", cells)} |"));
            }
        }
    }

    private static string Cpu(Cell cell) => cell.CpuMilliseconds is { } cpu ? Text($"{cpu:0.000}") : "";

    private static string Ratio(Spread ratio) => Text($"{ratio.Median:0.00} ({ratio.Lower:0.00}–{ratio.Upper:0.00})");

    private static string Bold(string text, bool isBold) => isBold ? $"**{text}**" : text;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
