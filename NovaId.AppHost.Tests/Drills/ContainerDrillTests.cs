using NovaId.AppHost.Drills;
using NovaId.AppHost.Tests.Contract;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Drills;

[Collection<OnContainers.ServicesFail>]
public sealed class ContainerDrillTests(FaultyContainerZone zone)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("keto", "stopped")]
    [InlineData("kratos", "hanging")]
    [InlineData("hydra", "killed")]
    [InlineData("oathkeeper", "stopped")]
    [InlineData("postgres", "hanging")]
    public async Task Its_verdict_holds_and_everything_is_as_it_was(string service, string mode)
    {
        await zone.EnsureReadyAsync();
        await HealthyAsync(service);
        var start = DateTimeOffset.UtcNow;

        var outcome = await DrillAsync(service, mode, "4", TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine(outcome.Data?.Value ?? outcome.Message ?? "");
        SkipIfTooSlow(outcome, start);

        Assert.True(outcome.Success, outcome.Message);
        Assert.DoesNotContain("are left", outcome.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("never asked", outcome.Data!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 refused or without an answer", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("running", await StatusAsync(service));
        await NobodyIsLeftAsync();
    }

    [Theory]
    [InlineData("stopped", "exited")]
    [InlineData("hanging", "paused")]
    public async Task Whoever_stops_it_half_way_finds_the_service_back_and_nobody_left(string mode, string meanwhile)
    {
        await zone.EnsureReadyAsync();
        await HealthyAsync("keto");
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var patience = NewPatience();
        var start = DateTimeOffset.UtcNow;

        var drill = DrillAsync("keto", mode, "120", stopped.Token);
        while (await StatusAsync("keto") != meanwhile)
        {
            if (drill.IsCompleted)
            {
                SkipIfTooSlow(await drill, start);
                Assert.Fail((await drill).Message ?? "");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        await stopped.CancelAsync();
        await drill.ContinueWith(_ => { }, patience.Token, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal("running", await StatusAsync("keto"));
        await HealthyAsync("keto");
        await NobodyIsLeftAsync();
    }

    [Fact]
    public async Task A_second_one_waits_for_its_turn()
    {
        await zone.EnsureReadyAsync();
        await HealthyAsync("keto");

        var first = DrillAsync("keto", "hanging", "3", TestContext.Current.CancellationToken);
        var second = await DrillAsync("kratos", "stopped", "3", TestContext.Current.CancellationToken);
        await first;

        Assert.False(second.Success);
        Assert.Contains("A drill is under way already", second.Message, StringComparison.Ordinal);
    }

    /// <summary>Who could not be asked in time says nothing of the zone; who was let in, or refused, does.</summary>
    private void SkipIfTooSlow(ExecuteCommandResult outcome, DateTimeOffset start)
    {
        if (!outcome.Success && Report.Differences(outcome.Data?.Value).All(line => line.Contains("| never asked |", StringComparison.Ordinal)))
        {
            Pace.Of(zone.Gateway).SkipIfTooSlow(start, outcome.Message ?? "");
        }
    }

    private async Task<ExecuteCommandResult> DrillAsync(string service, string mode, string seconds, CancellationToken cancellationToken) =>
        await zone.Application.ResourceCommands.ExecuteCommandAsync(
            "operator",
            DrillBuilderExtensions.CommandName,
            new InteractionInputCollection(
            [
                new() { Name = "service", InputType = InputType.Choice, Value = service },
                new() { Name = "mode", InputType = InputType.Choice, Value = mode },
                new() { Name = "seconds", InputType = InputType.Number, Value = seconds },
            ]),
            cancellationToken);

    private Task HealthyAsync(string service) => Waiting.UntilAsync(
        async () => await Docker.OutputAsync("inspect", "--format", "{{.State.Health.Status}}", zone.ContainerOf(service)) == "healthy", Patience);

    private Task<string> StatusAsync(string service) => Docker.OutputAsync("inspect", "--format", "{{.State.Status}}", zone.ContainerOf(service));

    private async Task NobodyIsLeftAsync()
    {
        var caller = await ZoneTools.For(zone).NewOperator().CallerAsync();
        var people = (await caller.GetAsync("/svc/kratos/admin/identities?page_size=500")).Expect(200).Body;
        var clients = (await caller.GetAsync("/svc/hydra/admin/clients?page_size=500")).Expect(200).Body;

        Assert.DoesNotContain("drill-", people, StringComparison.Ordinal);
        Assert.DoesNotContain("of a drill", people + clients, StringComparison.Ordinal);
    }

    private static CancellationTokenSource NewPatience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        return patience;
    }
}
