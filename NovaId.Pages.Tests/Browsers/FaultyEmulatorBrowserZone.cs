using Microsoft.Extensions.Logging;
using NovaId.Contract;
using NovaId.Emulator;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>An emulated zone of which each service can be made to go, and to come back.</summary>
public sealed class FaultyEmulatorBrowserZone : FaultyBrowserZone
{
    private EmbeddedZone? _zone;

    protected override async Task<(Uri Address, ServiceClient Operator)> StartAsync()
    {
        _zone = await EmbeddedZone.StartAsync(new EmbeddedZoneOptions
        {
            GatewayPort = 0,
            ApiPort = 0,
            DemoPort = 0,
            SeedPeople = false,
            LogLevel = LogLevel.None,
            Interpose = Switches.InterposeAsync,
            ApiUpstream = Switches.StandBeforeApi,
        });
        await _zone.PagesReady;
        return (_zone.Address, ServiceClient.WithKey("novaid-operator", _zone.OperatorKey));
    }

    protected override Task AgeSessionAsync(Guid session, TimeSpan age)
    {
        _zone!.AgeSession(session, age);
        return Task.CompletedTask;
    }

    protected override async ValueTask StopAsync()
    {
        if (_zone is not null)
        {
            await _zone.DisposeAsync();
        }

        await Switches.DisposeAsync();
    }
}
