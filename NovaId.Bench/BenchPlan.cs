using NovaId.Bench.Measurement;

namespace NovaId.Bench;

/// <summary>How much is measured, and so how long it takes.</summary>
internal sealed record BenchPlan
{
    /// <summary>How many people call; load is spread over them.</summary>
    public const int People = 8;

    public static IReadOnlyList<int> Connections { get; } = [1, 16, 64];

    public static IReadOnlyList<int> GrowthConnections { get; } = [1, 16];

    public required int Rounds { get; init; }

    public required TimeSpan Slice { get; init; }

    /// <summary>How long each path is warmed up at 16 connections.</summary>
    public required TimeSpan WarmUp { get; init; }

    public required int GrowthRounds { get; init; }

    public required TimeSpan GrowthSlice { get; init; }

    /// <summary>The zones whose growth is measured, the smallest first; none where nobody may fill the zone.</summary>
    public required IReadOnlyList<GrowthZone> GrowthZones { get; init; }

    /// <summary>How long it takes to start a zone.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>How long it takes to put ten thousand identities into a zone.</summary>
    public required TimeSpan Fill { get; init; }

    public static BenchPlan For(string zone, bool quick)
    {
        var isNative = zone == BenchOptions.Native;
        var isOurs = isNative || zone == BenchOptions.Emulator;
        return new BenchPlan
        {
            Rounds = quick ? 4 : isNative ? 12 : 14,
            Slice = TimeSpan.FromMilliseconds((quick ? 100 : 250) * (isNative ? 2 : 1)),
            WarmUp = TimeSpan.FromMilliseconds(quick ? 400 : 1500),
            GrowthRounds = quick ? 4 : 7,
            GrowthSlice = TimeSpan.FromMilliseconds((quick ? 60 : 150) * (isNative ? 2 : 1)),
            GrowthZones = !isOurs
                ? []
                :
                [
                    GrowthZone.Smallest,
                    GrowthZone.Twin,
                    .. quick ? Array.Empty<GrowthZone>() : [GrowthZone.OfIdentities(1_000)],
                    GrowthZone.OfIdentities(10_000),
                    .. quick ? Array.Empty<GrowthZone>() : [GrowthZone.OfTuples(1_000)],
                    GrowthZone.OfTuples(10_000),
                    GrowthZone.OfRules(200),
                ],
            Start = TimeSpan.FromSeconds(isNative ? 40 : 5),
            Fill = TimeSpan.FromSeconds(isNative ? 90 : 15),
        };
    }

    /// <summary>About how long all of it takes.</summary>
    public TimeSpan Estimate(int paths)
    {
        var cells = paths * Connections.Count;
        var growthCells = GrowthZones.Count * PathCatalog.Growing.Count * GrowthConnections.Count;
        return (cells * Rounds * Slice) + (paths * WarmUp) + Start
            + (growthCells * GrowthRounds * GrowthSlice)
            + (GrowthZones.Count * (Start + (PathCatalog.Growing.Count * WarmUp / 3)))
            + (GrowthZones.Sum(zone => zone.Identities) / 10_000.0 * Fill);
    }
}
