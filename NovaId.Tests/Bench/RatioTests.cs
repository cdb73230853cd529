using NovaId.Bench.Load;
using NovaId.Bench.Measurement;

namespace NovaId.Tests.Bench;

public sealed class RatioTests
{
    private static readonly PathLimit Limit = new("hop", "authenticated", ["kratos", "keto"]);

    [Fact]
    public void The_limit_is_the_bare_hop_and_the_slowest_of_the_calls()
    {
        var measurements = Measured(("hop", [1]), ("kratos", [2]), ("keto", [3]), ("authenticated", [4]), ("path", [10]));

        Assert.Equal(4, measurements.Limit(Limit, 1));
        Assert.Equal(2.5, measurements.Ratio("path", Limit, 1).Median);
    }

    [Fact]
    public void With_authentication_the_authenticated_hop_takes_the_place_of_the_bare_one()
    {
        var measurements = Measured(("hop", [1]), ("kratos", [2]), ("keto", [3]), ("authenticated", [5]), ("path", [10]));

        Assert.Equal(1.25, measurements.RatioWithAuthentication("path", Limit, 1).Median);
        Assert.Equal(1, measurements.RatioToSum("path", Limit, 1).Median);
    }

    [Fact]
    public void A_round_is_compared_with_itself_so_that_drift_cancels_out()
    {
        // The second round is ten times as slow throughout; another call is the slowest in each.
        var measurements = Measured(
            ("hop", [1, 10, 1]), ("kratos", [1, 30, 1]), ("keto", [3, 20, 3]), ("authenticated", [1, 10, 1]), ("path", [8, 80, 8]));

        var ratio = measurements.Ratio("path", Limit, 1);

        Assert.Equal(new Spread(2, 2, 2), ratio);
    }

    [Fact]
    public void CPU_time_is_that_of_all_slices_for_all_their_requests()
    {
        var cell = new Cell();
        cell.Add(new Slice([1, 2, 3], TimeSpan.FromSeconds(1)), TimeSpan.FromMilliseconds(2));
        cell.Add(new Slice([4], TimeSpan.FromSeconds(1)), TimeSpan.FromMilliseconds(6));

        Assert.Equal(2, cell.CpuMilliseconds);
        Assert.Equal(2, cell.RequestsPerSecond);
        Assert.Equal(2, cell.Percentile(50));
        Assert.Equal(4, cell.Percentile(99));
    }

    [Fact]
    public void CPU_time_of_a_process_that_is_not_known_is_not_known()
    {
        var cell = new Cell();
        cell.Add(new Slice([1], TimeSpan.FromSeconds(1)), cpu: null);

        Assert.Null(cell.CpuMilliseconds);
    }

    [Fact]
    public void Growth_is_what_goes_beyond_the_noise_of_the_bare_hop()
    {
        var grown = GrowthZone.OfTuples(10_000);
        var growth = new Growth(
        [
            (GrowthZone.Smallest, Measured((PathCatalog.Gateway, [1, 1, 1]), ("path", [10, 10, 10]), ("other", [10, 10, 10]))),
            (grown, Measured((PathCatalog.Gateway, [1.1, 1.1, 1.1]), ("path", [10.9, 10.9, 10.9]), ("other", [11.5, 11.5, 11.5]))),
        ]);

        Assert.Equal(0.1, growth.Noise(1), 3);
        Assert.False(growth.HasGrown(grown, "path", 1));
        Assert.True(growth.HasGrown(grown, "other", 1));
    }

    [Fact]
    public void What_two_zones_of_one_size_differ_by_is_no_growth()
    {
        (string, double[])[] still = [.. PathCatalog.Growing.Select(path => (path, (double[])[10]))];
        (string, double[])[] differing = [.. PathCatalog.Growing.Select(path => (path, (double[])[path == PathCatalog.Session ? 8 : 10]))];
        (string, double[])[] slower = [.. PathCatalog.Growing.Select(path => (path, (double[])[path == PathCatalog.Session ? 11.9 : 10]))];
        var grown = GrowthZone.OfIdentities(10_000);
        var growth = new Growth([(GrowthZone.Smallest, Measured(still)), (GrowthZone.Twin, Measured(differing)), (grown, Measured(slower))]);

        Assert.Equal(0.2, growth.Noise(1), 3);
        Assert.False(growth.HasGrown(grown, PathCatalog.Session, 1));
        Assert.False(new Growth([(GrowthZone.Smallest, Measured(still)), (GrowthZone.Twin, Measured(still))]).HasGrown(GrowthZone.Twin, PathCatalog.Session, 1));
        Assert.True(new Growth([(GrowthZone.Smallest, Measured(still)), (GrowthZone.Twin, Measured(still)), (grown, Measured(slower))])
            .HasGrown(grown, PathCatalog.Session, 1));
    }

    [Fact]
    public void Access_rules_may_slow_the_bare_hop_and_are_no_measure_of_noise()
    {
        var rules = GrowthZone.OfRules(200);
        var growth = new Growth(
        [
            (GrowthZone.Smallest, Measured((PathCatalog.Gateway, [1]))),
            (rules, Measured((PathCatalog.Gateway, [2]))),
        ]);

        Assert.Equal(Growth.LeastNoise, growth.Noise(1));
        Assert.True(growth.HasGrown(rules, PathCatalog.Gateway, 1));
    }

    private static Measurements Measured(params (string Path, double[] Rounds)[] paths)
    {
        var measurements = new Measurements();
        foreach (var (path, rounds) in paths)
        {
            foreach (var median in rounds)
            {
                measurements.Add(path, 1, new Slice([(float)median], TimeSpan.FromSeconds(1)), cpu: null);
            }
        }

        return measurements;
    }
}
