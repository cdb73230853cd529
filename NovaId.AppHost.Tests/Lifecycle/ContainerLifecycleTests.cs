using NovaId.AppHost.Tests.Contract;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Lifecycle;

[Collection<OnContainers.ServicesFail>]
public sealed class ContainerLifecycleTests(FaultyContainerZone zone)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Each_service_can_be_restarted_and_a_session_goes_on()
    {
        await zone.EnsureReadyAsync();
        var caller = (await ZoneTools.For(zone).Kratos.RegisterAsync()).Caller;
        (await caller.GetAsync("/api/me")).Expect(200);

        foreach (var service in (string[])["keto", "kratos", "hydra", "oathkeeper"])
        {
            var outcome = await zone.Application.ResourceCommands.ExecuteCommandAsync(service, KnownResourceCommands.RestartCommand, TestContext.Current.CancellationToken);
            Assert.True(outcome.Success, $"{service}: {outcome.Message}");
            await WaitForAsync(async () => (await caller.GetAsync("/api/me")).Status == 200);
        }

        using var patience = NewPatience();
        await zone.Application.ResourceNotifications.WaitForResourceHealthyAsync("topology", patience.Token);
    }

    [Fact]
    public async Task A_paused_Keto_lets_nobody_pass_and_a_resumed_one_everybody_who_may()
    {
        await zone.EnsureReadyAsync();
        var caller = (await ZoneTools.For(zone).Kratos.RegisterAsync()).Caller;
        (await caller.GetAsync("/api/me/permissions")).Expect(200);

        Assert.True((await zone.Application.ResourceCommands.ExecuteCommandAsync("keto", "pause", TestContext.Current.CancellationToken)).Success);
        Assert.Equal(503, (await caller.GetAsync("/api/me/permissions")).Status);

        Assert.True((await zone.Application.ResourceCommands.ExecuteCommandAsync("keto", "resume", TestContext.Current.CancellationToken)).Success);
        await WaitForAsync(async () => (await caller.GetAsync("/api/me/permissions")).Status == 200);
    }

    [Fact]
    public async Task A_rotated_signing_key_signs_and_the_old_one_counts_no_more()
    {
        await zone.EnsureReadyAsync();
        var caller = (await ZoneTools.For(zone).Kratos.RegisterAsync()).Caller;
        using var http = new HttpClient { BaseAddress = zone.Gateway };
        var before = await http.GetStringAsync(new Uri("/gw/.well-known/jwks.json", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.True((await zone.Application.ResourceCommands.ExecuteCommandAsync("oathkeeper", "rotate-signing-key", TestContext.Current.CancellationToken)).Success);

        await WaitForAsync(async () => (await caller.GetAsync("/api/me")).Status == 200);
        Assert.NotEqual(before, await http.GetStringAsync(new Uri("/gw/.well-known/jwks.json", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private static Task WaitForAsync(Func<Task<bool>> condition) => Waiting.UntilAsync(
        async () =>
        {
            try
            {
                return await condition();
            }
            catch (HttpRequestException)
            {
                // The gateway itself is on its way back.
                return false;
            }
        },
        Patience);

    private static CancellationTokenSource NewPatience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        return patience;
    }
}
