using System.Globalization;
using System.Text;
using NovaId.Bench.Report;

namespace NovaId.Bench.Soak;

/// <summary>What a long mixed load showed: a table over time, and for each series whether it grows.</summary>
internal sealed class SoakReport(
    TimeSpan duration,
    IReadOnlyList<SoakSample> samples,
    IReadOnlyList<SoakLatency> latencies,
    int errors,
    IReadOnlyList<string> firstErrors)
{
    private const int Rows = 12;
    private const double Megabyte = 1e6;

    /// <summary>The part at the beginning in which caches fill and code is compiled again, and which no trend counts.</summary>
    private const double WarmUp = 1.0 / 6;

    /// <summary>The series; none if the time was too short for a line.</summary>
    public IReadOnlyList<SoakTrend> Trends()
    {
        var settled = samples.Where(sample => sample.At > duration * WarmUp).ToList();
        var measured = latencies.Where(latency => latency.At > duration * WarmUp).ToList();
        if (settled.Count < 6 || measured.Count < 6)
        {
            return [];
        }

        SoakTrend OfSample(string name, string unit, Func<SoakSample, double> value, double tolerated, double floor) =>
            SoakTrend.Of(name, unit, [.. settled.Select(sample => (sample.At.TotalMinutes, value(sample)))], tolerated, floor);
        SoakTrend OfLatency(string name, Func<SoakLatency, double> value, double tolerated) =>
            SoakTrend.Of(name, "ms", [.. measured.Select(latency => (latency.At.TotalMinutes, value(latency)))], tolerated, 0.2);
        return
        [
            OfSample("API, memory", "MB", sample => sample.ApiMemory / Megabyte, 0.05, 5),
            OfSample("API, handles", "", sample => sample.ApiHandles, 0.05, 5),
            OfSample("API, threads", "", sample => sample.ApiThreads, 0.05, 3),
            OfSample("gateway and services, memory", "MB", sample => sample.ZoneMemory / Megabyte, 0.05, 5),
            OfSample("gateway and services, managed heap", "MB", sample => sample.ZoneHeap / Megabyte, 0.05, 5),
            OfSample("gateway and services, handles", "", sample => sample.ZoneHandles, 0.05, 5),
            OfSample("gateway and services, threads", "", sample => sample.ZoneThreads, 0.05, 3),
            OfLatency("latency p50", latency => latency.Median, 0.1),
            OfLatency("latency p99", latency => latency.P99, 0.25),
        ];
    }

    public string Write(Machine machine, DateOnly date)
    {
        var text = new StringBuilder();
        text.AppendLine(Text($"Mixed load for {duration.TotalMinutes:0.#} minutes. Machine: {machine}. Date: {date:yyyy-MM-dd}."));
        text.AppendLine();
        text.AppendLine("```");
        text.AppendLine(Text($"dotnet run -c Release --project NovaId.Bench -- --soak {(duration.TotalMinutes >= 1 ? Text($"{duration.TotalMinutes:0}m") : Text($"{duration.TotalSeconds:0}s"))}"));
        text.AppendLine("```");
        text.AppendLine();
        WriteTable(text);
        text.AppendLine();
        text.AppendLine(Text($"Errors: {errors}.{string.Concat(firstErrors.Select(error => $" {error}"))}"));
        WriteTrends(text);
        return text.ToString();
    }

    private void WriteTable(StringBuilder text)
    {
        text.AppendLine("| minute | requests | p50 ms | p99 ms | API MB | API handles | API threads | zone MB | zone heap MB | zone handles | zone threads |");
        text.AppendLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (var row = 0; row < Rows; row++)
        {
            var (from, to) = (duration * row / Rows, duration * (row + 1) / Rows);
            var within = samples.Where(sample => sample.At > from && sample.At <= to).ToList();
            var measured = latencies.Where(latency => latency.At > from && latency.At <= to).ToList();
            if (within.Count == 0 || measured.Count == 0)
            {
                continue;
            }

            text.AppendLine(Text($"| {to.TotalMinutes:0.#} | {measured.Sum(latency => latency.Requests):N0} ")
                + Text($"| {measured.Average(latency => latency.Median):0.00} | {measured.Average(latency => latency.P99):0.00} ")
                + Text($"| {within.Average(sample => sample.ApiMemory) / Megabyte:0} | {within.Average(sample => sample.ApiHandles):0} ")
                + Text($"| {within.Average(sample => sample.ApiThreads):0} | {within.Average(sample => sample.ZoneMemory) / Megabyte:0} ")
                + Text($"| {within.Average(sample => sample.ZoneHeap) / Megabyte:0} | {within.Average(sample => sample.ZoneHandles):0} ")
                + Text($"| {within.Average(sample => sample.ZoneThreads):0} |"));
        }
    }

    private void WriteTrends(StringBuilder text)
    {
        var trends = Trends();
        text.AppendLine();
        if (trends.Count == 0)
        {
            text.AppendLine("Too short to tell whether anything grows.");
            return;
        }

        text.AppendLine("A line through each series after the first sixth of the time (least squares). It grows if its slope is more than three");
        text.AppendLine("standard errors and it rose by more than 5 % (p50 10 %, p99 25 %).");
        text.AppendLine();
        text.AppendLine("| series | begins at | ends at | |");
        text.AppendLine("|---|---:|---:|---|");
        foreach (var trend in trends)
        {
            text.AppendLine(Text(
                $"| {trend.Name} | {trend.Start:0.00} {trend.Unit} | {trend.End:0.00} {trend.Unit} | {(trend.Grows ? "**grows**" : "does not grow")} |"));
        }

        text.AppendLine();
        text.AppendLine(trends.Any(trend => trend.Grows) || errors > 0
            ? "**Verdict: not steady.**"
            : "**Verdict: steady. Nothing grows, nothing failed.**");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
