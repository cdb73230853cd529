using System.Xml.Linq;
using NovaId.Bench;
using NovaId.Bench.Load;
using NovaId.Bench.Measurement;
using NovaId.Bench.Report;

namespace NovaId.Tests.Bench;

public sealed class ReportTests
{
    private static readonly Machine AnyMachine = new(2, "A processor", 8_000_000_000, "Linux", ".NET 10");

    [Fact]
    public void The_plot_is_well_formed_and_reads_in_light_and_dark()
    {
        var svg = XDocument.Parse(PerformancePlot.Draw(Figures(ratio: 2), Grown(1.5)));

        XNamespace names = "http://www.w3.org/2000/svg";
        Assert.Equal(names + "svg", svg.Root!.Name);
        Assert.NotNull(svg.Root.Attribute("viewBox"));
        Assert.Contains("prefers-color-scheme: dark", svg.Root.Element(names + "style")!.Value, StringComparison.Ordinal);
        var words = svg.Descendants(names + "text").Select(text => text.Value).ToList();
        Assert.Contains("milliseconds", words);
        Assert.Contains("16 connections", words);
        Assert.Contains("a path & its <answer>", words);
        Assert.DoesNotContain(svg.Descendants().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void The_plot_of_a_zone_that_nobody_may_fill_is_well_formed_too() =>
        Assert.NotNull(XDocument.Parse(PerformancePlot.Draw(Figures(ratio: 1), growth: null)).Root);

    [Theory]
    [InlineData(1.2, true)]
    [InlineData(1.3, false)]
    public void An_aim_is_met_only_within_its_bound(double ratio, bool isMet)
    {
        var aims = Aims.Of(Figures(ratio), growth: null);

        Assert.All(aims.Where(aim => aim.What.Contains("its limit", StringComparison.Ordinal)), aim => Assert.Equal(isMet, aim.IsMet));
        Assert.Equal(2, aims.Count(aim => aim.What.Contains("its limit", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1.04, true)]
    [InlineData(1.2, false)]
    public void Growth_beyond_noise_misses_its_aim(double grown, bool isMet)
    {
        var aims = Aims.Of(Figures(ratio: 1), Grown(grown)).Where(aim => aim.What.StartsWith("no growth", StringComparison.Ordinal));

        Assert.All(aims, aim => Assert.Equal(isMet, aim.IsMet));
    }

    [Fact]
    public void What_cannot_be_measured_is_no_met_aim()
    {
        var figures = Figures(ratio: 1) with { MemoryAtMost = null };

        var report = new BenchReport(figures, growth: null, Plan, "a command", AnyMachine, new DateOnly(2030, 1, 2)).Write("plot.svg");

        Assert.Contains("| the API below 200 MB at 64 connections | **not measured** | its process is not known |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_names_the_machine_the_command_and_the_date()
    {
        var report = new BenchReport(Figures(ratio: 1), Grown(1), Plan, "a command", AnyMachine, new DateOnly(2030, 1, 2)).Write("plot.svg");

        Assert.Contains("2 processors (A processor), 8 GB, Linux, .NET 10", report, StringComparison.Ordinal);
        Assert.Contains("2030-01-02", report, StringComparison.Ordinal);
        Assert.Contains("```\na command\n```", report.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("](plot.svg)", report, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, report, StringComparison.OrdinalIgnoreCase);
    }

    private static BenchPlan Plan => BenchPlan.For(BenchOptions.Emulator, quick: true);

    /// <summary>One path at so many times its limit.</summary>
    private static ZoneFigures Figures(double ratio)
    {
        var measurements = new Measurements();
        foreach (var connections in BenchPlan.Connections)
        {
            Add(measurements, PathCatalog.Gateway, connections, 1);
            Add(measurements, PathCatalog.Identity, connections, 1);
            Add(measurements, PathCatalog.Session, connections, 2 * ratio);
        }

        var limit = new PathLimit(PathCatalog.Gateway, PathCatalog.Gateway, [PathCatalog.Identity]);
        return new ZoneFigures(
            "a zone",
            [Path("the hop", PathCatalog.Gateway), Path("a path & its <answer>", PathCatalog.Session, limit)],
            measurements,
            MemoryAtStart: 100_000_000,
            MemoryAtMost: 150_000_000);
    }

    private static Growth Grown(double ratio)
    {
        var (small, grown) = (new Measurements(), new Measurements());
        foreach (var connections in BenchPlan.GrowthConnections)
        {
            foreach (var path in PathCatalog.Growing)
            {
                Add(small, path, connections, 10);
                Add(grown, path, connections, path == PathCatalog.Gateway ? 10 : 10 * ratio);
            }
        }

        return new Growth([(GrowthZone.Smallest, small), (GrowthZone.OfTuples(10_000), grown)]);
    }

    private static MeasuredPath Path(string title, string id, PathLimit? limit = null) =>
        new(title, new Workload(id, _ => new HttpRequestMessage(), System.Net.HttpStatusCode.OK), limit);

    private static void Add(Measurements measurements, string path, int connections, double median) =>
        measurements.Add(path, connections, new Slice([(float)median], TimeSpan.FromSeconds(1)), TimeSpan.FromMilliseconds(0.1));
}
