using NovaId.Bench;
using NovaId.Bench.Measurement;
using NovaId.Operator.Commands;

namespace NovaId.Tests.Bench;

public sealed class BenchCommandTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("60m", 3600)]
    [InlineData("2h", 7200)]
    public void A_duration_is_read_as_it_is_typed(string text, int seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("60")]
    [InlineData("0m")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("1d")]
    [InlineData("2147483647h")]
    public void Anything_else_is_no_duration(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void Settings_of_the_API_are_read_by_key()
    {
        var settings = BenchOptions.ParseSettings(["Storage:Path=a=b", "Logging:LogLevel:Default="]);

        Assert.Equal("a=b", settings["Storage:Path"]);
        Assert.Equal("", settings["Logging:LogLevel:Default"]);
        Assert.Throws<BenchException>(() => BenchOptions.ParseSettings(["Storage:Path"]));
        Assert.Throws<BenchException>(() => BenchOptions.ParseSettings(["=value"]));
    }

    [Theory]
    [InlineData("somewhere")]
    [InlineData("ftp://somewhere")]
    public async Task A_zone_that_is_none_is_refused_in_words(string zone)
    {
        using var errors = new StringWriter();

        var exit = await BenchCommand.RunAsync(
            new BenchOptions { Zone = zone, IsQuick = true },
            TextWriter.Null,
            errors,
            TestContext.Current.CancellationToken);

        Assert.Equal(1, exit);
        Assert.Contains("--zone must be emulator, native or the gateway's address", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_that_runs_needs_the_key_of_its_operator()
    {
        using var errors = new StringWriter();

        var exit = await BenchCommand.RunAsync(
            new BenchOptions { Zone = "http://127.0.0.1:1", IsQuick = true },
            TextWriter.Null,
            errors,
            TestContext.Current.CancellationToken);

        Assert.Equal(1, exit);
        Assert.Contains("--operator-key-file", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_start_is_no_number_of_starts()
    {
        using var errors = new StringWriter();

        var exit = await BenchCommand.RunAsync(
            new BenchOptions { Zone = BenchOptions.Emulator, Starts = 0 }, TextWriter.Null, errors, TestContext.Current.CancellationToken);

        Assert.Equal(1, exit);
        Assert.Contains("--starts takes 1 or more", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "goes with --starts only")]
    [InlineData(1, "has no folder NovaId.AppHost")]
    public async Task Another_checkout_is_one_and_starts_are_all_that_it_is_compared_by(int? starts, string said)
    {
        using var errors = new StringWriter();

        var exit = await BenchCommand.RunAsync(
            new BenchOptions { Zone = BenchOptions.Emulator, Starts = starts, Against = ["/nowhere"] }, TextWriter.Null, errors, TestContext.Current.CancellationToken);

        Assert.Equal(1, exit);
        Assert.Contains(said, errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_benchmark_of_the_emulator_takes_six_minutes_and_a_quick_one_little_more_than_one()
    {
        Assert.InRange(BenchPlan.For(BenchOptions.Emulator, quick: false).Estimate(PathCatalog.Count).TotalMinutes, 2, 6);
        Assert.InRange(BenchPlan.For(BenchOptions.Emulator, quick: true).Estimate(PathCatalog.Count).TotalMinutes, 0.3, 1.5);
    }

    [Fact]
    public void Nobody_fills_a_zone_that_is_not_the_benchmarks_own() =>
        Assert.Empty(BenchPlan.For("http://localhost:4455", quick: false).GrowthZones);
}
