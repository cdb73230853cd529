using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using NovaId.Emulator;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.Faults;

[assembly: AssemblyFixture(typeof(BrowserZone))]

namespace NovaId.Pages.Tests.Browsers;

/// <summary>One emulated zone and one Chromium for all tests, started by the first that needs them. A test opens visitors of its own.</summary>
public sealed class BrowserZone : IAsyncDisposable
{
    /// <summary>The password of everybody in the zone.</summary>
    public const string Password = "correct horse 42 battery";

    private readonly Lazy<Task> _ready;
    private EmbeddedZone? _zone;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private int _people;

    public BrowserZone() => _ready = new(() => StartAsync(null, null));

    /// <summary>A zone of one test's own, whose services it can make fail.</summary>
    internal BrowserZone(ServiceSwitches switches) => _ready = new(() => StartAsync(switches, null));

    /// <summary>A zone of one test's own, whose API runs in some environment.</summary>
    internal BrowserZone(string environment) => _ready = new(() => StartAsync(null, environment));

    /// <summary>The zone.</summary>
    public EmbeddedZone Zone => _zone!;

    /// <summary>The zone's address, as browsers know it.</summary>
    public Uri Address => Zone.Address;

    /// <summary>The demo's address, as browsers know it.</summary>
    public Uri Demo => Zone.Demo;

    /// <summary>The operator, who passes every <c>/svc</c> route.</summary>
    public ZoneOperator Operator { get; private set; } = null!;

    /// <summary>Waits until pages answer and a browser is there; a machine without one skips the test.</summary>
    public async Task EnsureReadyAsync()
    {
        Assert.SkipWhen(Chromium.Path is null, Chromium.Missing);
        await _ready.Value;
    }

    /// <summary>An address that nobody has yet.</summary>
    public string NewEmail() => $"visitor-{Interlocked.Increment(ref _people)}-{Guid.NewGuid():N}@example.org";

    /// <summary>Somebody with a browser of their own.</summary>
    /// <param name="javaScript">Whether it runs scripts.</param>
    /// <param name="options">What else is special about it.</param>
    public async Task<BrowserVisitor> VisitAsync(bool javaScript = true, Action<BrowserNewContextOptions>? options = null)
    {
        await EnsureReadyAsync();
        var settings = new BrowserNewContextOptions { JavaScriptEnabled = javaScript, BaseURL = Address.GetLeftPart(UriPartial.Authority), Locale = "en-GB" };
        options?.Invoke(settings);
        return await BrowserVisitor.OpenAsync(this, await _browser!.NewContextAsync(settings));
    }

    /// <summary>Somebody who is logged in, with an account made for them.</summary>
    public async Task<BrowserVisitor> MemberAsync(bool javaScript = true, Action<BrowserNewContextOptions>? options = null)
    {
        await EnsureReadyAsync();
        var email = NewEmail();
        await Operator.CreatePersonAsync(email, Password);
        var visitor = await VisitAsync(javaScript, options);
        await visitor.LogInAsync(email);
        return visitor;
    }

    /// <summary>Somebody of a rank, or without one, who is logged in, with an account made for them.</summary>
    public async Task<BrowserVisitor> OfficerAsync(string? rank, bool javaScript = true, Action<BrowserNewContextOptions>? options = null)
    {
        await EnsureReadyAsync();
        var email = NewEmail();
        var id = await Operator.CreatePersonAsync(email, Password, "Otto", rank ?? "Nobody");
        if (rank is not null)
        {
            await Operator.SetRankAsync(id, rank);
        }

        var visitor = await VisitAsync(javaScript, options);
        await visitor.LogInAsync(email);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Operator?.Dispose();
        if (_zone is not null)
        {
            await _zone.DisposeAsync();
        }
    }

    private async Task StartAsync(ServiceSwitches? switches, string? environment)
    {
        var zone = EmbeddedZone.StartAsync(new EmbeddedZoneOptions
        {
            GatewayPort = 0,
            ApiPort = 0,
            DemoPort = 0,
            Password = Password,
            LogLevel = LogLevel.None,
            Interpose = switches is null ? null : switches.InterposeAsync,
            ApiUpstream = switches is null ? null : switches.StandBeforeApi,
            ConfigureApi = environment is null ? null : builder => builder.Environment.EnvironmentName = environment,
        });
        _playwright = await Playwright.CreateAsync();
        // Whoever runs tests as root has no sandbox to offer.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
        _zone = await zone;
        await _zone.PagesReady;
        Operator = new ZoneOperator(_zone);
    }
}
