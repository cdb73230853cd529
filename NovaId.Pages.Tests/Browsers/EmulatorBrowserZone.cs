using Microsoft.Extensions.Logging;
using NovaId.Contract;
using NovaId.Emulator;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.Faults;

[assembly: AssemblyFixture(typeof(EmulatorBrowserZone))]

namespace NovaId.Pages.Tests.Browsers;

/// <summary>The emulated zone, in this process.</summary>
public sealed class EmulatorBrowserZone : BrowserZone
{
    private readonly ServiceSwitches? _switches;
    private readonly string? _environment;
    private EmbeddedZone? _zone;

    public EmulatorBrowserZone()
    {
    }

    /// <summary>A zone of one test's own, whose services it can make fail.</summary>
    internal EmulatorBrowserZone(ServiceSwitches switches) => _switches = switches;

    /// <summary>A zone of one test's own, whose API runs in some environment.</summary>
    internal EmulatorBrowserZone(string environment) => _environment = environment;

    /// <summary>The zone.</summary>
    public EmbeddedZone Zone => _zone!;

    /// <summary>The demo's address, as browsers know it.</summary>
    public Uri Demo => Zone.Demo;

    protected override async Task<(Uri Address, ServiceClient Operator)> StartAsync()
    {
        _zone = await EmbeddedZone.StartAsync(new EmbeddedZoneOptions
        {
            GatewayPort = 0,
            ApiPort = 0,
            DemoPort = 0,
            Password = Password,
            LogLevel = LogLevel.None,
            Interpose = _switches is null ? null : _switches.InterposeAsync,
            ApiUpstream = _switches is null ? null : _switches.StandBeforeApi,
            ConfigureApi = _environment is null ? null : builder => builder.Environment.EnvironmentName = _environment,
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
    }
}
