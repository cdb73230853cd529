namespace NovaId.Bench.Measurement;

/// <summary>The zones of several sizes, measured side by side.</summary>
/// <param name="zones">Each zone with its measurements; the smallest first.</param>
internal sealed class Growth(IReadOnlyList<(GrowthZone Zone, Measurements Measurements)> zones)
{
    /// <summary>Less than this is called noise even if the zones agree better by chance.</summary>
    public const double LeastNoise = 0.05;

    public IReadOnlyList<(GrowthZone Zone, Measurements Measurements)> Zones => zones;

    /// <summary>A path in a zone as a ratio to the same path in the smallest one, formed round by round.</summary>
    public Spread Ratio(GrowthZone zone, string path, int connections) =>
        Statistics.Spread(Of(zone)[path, connections].RoundMedians.Zip(
            zones[0].Measurements[path, connections].RoundMedians,
            (grown, small) => grown / small));

    /// <summary>
    /// How far zones differ all the same: any path of two zones of the same size, and the bare gateway hop, which neither identities nor
    /// tuples can slow down, of the others.
    /// </summary>
    public double Noise(int connections) =>
        Math.Max(LeastNoise, zones
            .SelectMany(pair => (pair.Zone.What switch
            {
                GrowthZone.IdentitiesGrew or GrowthZone.TuplesGrew => [PathCatalog.Gateway],
                _ when pair.Zone == GrowthZone.Twin => PathCatalog.Growing,
                _ => [],
            }).Select(path => Math.Abs(Ratio(pair.Zone, path, connections).Median - 1)))
            .DefaultIfEmpty(0)
            .Max());

    /// <summary>Whether a path is slower than in the smallest zone by more than noise.</summary>
    public bool HasGrown(GrowthZone zone, string path, int connections) =>
        Ratio(zone, path, connections).Median > 1 + Noise(connections);

    private Measurements Of(GrowthZone zone) => zones.Single(pair => pair.Zone == zone).Measurements;
}
