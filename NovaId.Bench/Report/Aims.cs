using System.Globalization;
using NovaId.Bench.Measurement;

namespace NovaId.Bench.Report;

/// <summary>The aims of the product, held against the figures.</summary>
internal static class Aims
{
    public const double MostRatio = 1.25;
    public const double MostCpuMilliseconds = 0.3;
    public const double MostMemory = 200e6;

    private static readonly string[] Verified = [PathCatalog.Session, PathCatalog.OAuth2Person, PathCatalog.OAuth2Client];
    private static readonly int[] RatioConnections = [1, 16];

    public static IReadOnlyList<Aim> Of(ZoneFigures figures, Growth? growth) =>
    [
        .. from path in figures.Paths
           where Verified.Contains(path.Id)
           from connections in RatioConnections
           select OfRatio(figures.Measurements, path, connections),
        OfCpu(figures),
        .. growth is null ? [new Aim(GrowthAim, IsMet: null, "nobody may fill this zone")] : OfGrowth(growth),
        new(
            "the API below 200 MB at 64 connections",
            figures.MemoryAtMost is { } most ? most < MostMemory : null,
            figures.MemoryAtMost is { } memory ? Text($"{memory / 1e6:0} MB") : "its process is not known"),
    ];

    private const string GrowthAim = "no growth beyond noise from 10 to 10,000 identities and relation tuples";

    private static Aim OfRatio(Measurements measurements, MeasuredPath path, int connections)
    {
        var without = measurements.Ratio(path.Id, path.Limit!, connections).Median;
        var with = measurements.RatioWithAuthentication(path.Id, path.Limit!, connections).Median;
        return new Aim(
            Text($"{path.Title}: at most {MostRatio} × its limit at {Count(connections)}"),
            with <= MostRatio,
            Text($"{with:0.00} with the gateway's authentication in the limit, {without:0.00} without it"));
    }

    private static Aim OfCpu(ZoneFigures figures)
    {
        const string What = "the API's own share at most 0.3 ms CPU a request, on each verified path at 16 connections";
        var shares = figures.Paths.Where(path => path.Limit is not null)
            .Select(path => (path.Title, Cpu: figures.Measurements[path.Id, 16].CpuMilliseconds))
            .ToList();
        return shares.Any(share => share.Cpu is null)
            ? new Aim(What, IsMet: null, "the API's process is not known")
            : new Aim(
                What,
                shares.All(share => share.Cpu <= MostCpuMilliseconds),
                string.Join("; ", shares.Select(share => Text($"{share.Title.Split(':')[0]} {share.Cpu:0.00} ms"))));
    }

    private static IEnumerable<Aim> OfGrowth(Growth growth)
    {
        foreach (var connections in BenchPlan.GrowthConnections)
        {
            var zones = growth.Zones.Select(pair => pair.Zone)
                .Where(zone => zone.What is GrowthZone.IdentitiesGrew or GrowthZone.TuplesGrew).ToList();
            var grown = (from zone in zones
                         from path in PathCatalog.Growing
                         where path != PathCatalog.Gateway && growth.HasGrown(zone, path, connections)
                         select Text($"{path} with {zone}: {growth.Ratio(zone, path, connections).Median:0.00}")).ToList();
            yield return new Aim(
                Text($"{GrowthAim}, at {Count(connections)}"),
                grown.Count == 0,
                Text($"noise {growth.Noise(connections):P0}; ")
                    + (grown.Count == 0 ? "nothing beyond it" : string.Join("; ", grown)));
        }
    }

    private static string Count(int connections) => connections == 1 ? "1 connection" : Text($"{connections} connections");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
