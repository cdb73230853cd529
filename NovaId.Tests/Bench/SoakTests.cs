using NovaId.Bench.Report;
using NovaId.Bench.Soak;

namespace NovaId.Tests.Bench;

public sealed class SoakTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_series_that_only_swings_does_not_grow() =>
        Assert.False(SoakTrend.Of("memory", "MB", Points(minute => 100 + (minute % 2 == 0 ? 8 : -8)), 0.05, 5).Grows);

    [Fact]
    public void A_series_that_rises_steadily_grows()
    {
        var trend = SoakTrend.Of("memory", "MB", Points(minute => 100 + minute + (minute % 2 == 0 ? 3 : -3)), 0.05, 5);

        Assert.True(trend.Grows);
        Assert.InRange(trend.End - trend.Start, 57, 61);
    }

    [Fact]
    public void A_rise_that_is_certain_but_small_is_tolerated() =>
        Assert.False(SoakTrend.Of("memory", "MB", Points(minute => 100 + (minute * 0.05)), 0.05, 5).Grows);

    [Fact]
    public void A_series_that_falls_does_not_grow() =>
        Assert.False(SoakTrend.Of("memory", "MB", Points(minute => 200 - minute), 0.05, 5).Grows);

    [Fact]
    public void What_happens_while_caches_fill_is_left_out()
    {
        var report = Report(at => at < TimeSpan.FromMinutes(10) ? 100 + (10 * at.TotalMinutes) : 200);

        Assert.DoesNotContain(report.Trends(), trend => trend.Grows);
    }

    [Fact]
    public void A_leak_is_named_in_the_verdict()
    {
        var report = Report(at => 100 + at.TotalMinutes);

        var text = report.Write(new Machine(2, "A processor", 8_000_000_000, "Linux", ".NET 10"), new DateOnly(2030, 1, 2));

        Assert.Equal("API, memory", Assert.Single(report.Trends(), trend => trend.Grows).Name);
        Assert.Contains("**Verdict: not steady.**", text, StringComparison.Ordinal);
        Assert.Contains("--soak 60m", text, StringComparison.Ordinal);
        Assert.Equal(12, text.Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(line[2])));
    }

    [Fact]
    public void An_error_is_no_steady_run()
    {
        var steady = Report(_ => 100).Write(new Machine(2, "", 1, "", ""), default);
        var failed = Report(_ => 100, errors: 1).Write(new Machine(2, "", 1, "", ""), default);

        Assert.Contains("**Verdict: steady.", steady, StringComparison.Ordinal);
        Assert.Contains("**Verdict: not steady.**", failed, StringComparison.Ordinal);
    }

    private static List<(double X, double Y)> Points(Func<int, double> value) =>
        [.. Enumerable.Range(0, 60).Select(minute => ((double)minute, value(minute)))];

    private static SoakReport Report(Func<TimeSpan, double> megabytes, int errors = 0)
    {
        var samples = Enumerable.Range(1, 360).Select(number => TimeSpan.FromSeconds(number * 10))
            .Select(at => new SoakSample(at, (long)(megabytes(at) * 1e6), 100, 20, 200_000_000, 50_000_000, 100, 20));
        var latencies = Enumerable.Range(1, 60).Select(minute => new SoakLatency(TimeSpan.FromMinutes(minute), 1000, 2, 9));
        return new SoakReport(Hour, [.. samples], [.. latencies], errors, []);
    }
}
