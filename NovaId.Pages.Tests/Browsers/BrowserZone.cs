using Microsoft.Playwright;
using NovaId.Contract;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>One zone with its pages and one Chromium for all tests, started by the first that needs them. A test opens visitors of its
/// own, and makes the people that it needs.</summary>
public abstract class BrowserZone : IAsyncDisposable
{
    /// <summary>The password of everybody in the zone.</summary>
    public const string Password = "correct horse 42 battery";

    private readonly Lazy<Task> _ready;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private int _people;

    protected BrowserZone() => _ready = new(OpenAsync);

    /// <summary>The zone's address, as browsers know it.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The operator, who passes every <c>/svc</c> route.</summary>
    public ZoneOperator Operator { get; private set; } = null!;

    /// <summary>Whether <see cref="AgeLoginAsync"/> can be called.</summary>
    public virtual bool CanAgeLogins => true;

    /// <summary>Why there is no such zone here; null if there is one.</summary>
    protected virtual string? Missing => null;

    /// <summary>Waits until pages answer and a browser is there; where either cannot be had, the test is skipped with the reason.</summary>
    public async Task EnsureReadyAsync()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        Assert.SkipWhen(Chromium.Path is null, Chromium.Missing);
        await _ready.Value;
    }

    /// <summary>An address that nobody has yet.</summary>
    public string NewEmail() => $"visitor-{Interlocked.Increment(ref _people)}-{Guid.NewGuid():N}@example.org";

    /// <summary>Makes an account.</summary>
    /// <returns>Its id and its address.</returns>
    public async Task<(string Id, string Email)> NewPersonAsync(string? rank = null, string first = "Vera", string last = "Visitor")
    {
        await EnsureReadyAsync();
        var email = NewEmail();
        var id = await Operator.CreatePersonAsync(email, Password, first, last);
        if (rank is not null)
        {
            await Operator.SetRankAsync(id, rank);
        }

        return (id, email);
    }

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
        var (_, email) = await NewPersonAsync();
        var visitor = await VisitAsync(javaScript, options);
        await visitor.LogInAsync(email);
        return visitor;
    }

    /// <summary>Somebody of a rank, or without one, who is logged in, with an account made for them.</summary>
    public async Task<BrowserVisitor> OfficerAsync(string? rank, bool javaScript = true, Action<BrowserNewContextOptions>? options = null)
    {
        var (_, email) = await NewPersonAsync(rank, "Otto", rank ?? "Nobody");
        var visitor = await VisitAsync(javaScript, options);
        await visitor.LogInAsync(email);
        return visitor;
    }

    /// <summary>Moves the login of a visitor's session back in time.</summary>
    public async Task AgeLoginAsync(BrowserVisitor visitor, TimeSpan age)
    {
        Assert.SkipUnless(CanAgeLogins, "no login of this zone can be made older");
        var session = await visitor.Context.APIRequest.GetAsync(new Uri(Address, "/.ory/kratos/public/sessions/whoami").ToString());
        await AgeSessionAsync(Guid.Parse((await session.JsonAsync())!.Value.GetProperty("id").GetString()!), age);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Operator?.Dispose();
        await StopAsync();
    }

    /// <summary>Starts the zone; its pages answer when the task completes.</summary>
    /// <returns>Its address, and its operator.</returns>
    protected abstract Task<(Uri Address, ServiceClient Operator)> StartAsync();

    /// <summary>Moves the login of a session of Kratos back in time.</summary>
    protected abstract Task AgeSessionAsync(Guid session, TimeSpan age);

    /// <summary>Stops the zone, if it was started.</summary>
    protected abstract ValueTask StopAsync();

    private async Task OpenAsync()
    {
        var zone = StartAsync();
        _playwright = await Playwright.CreateAsync();
        // Whoever runs tests as root has no sandbox to offer.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
        (Address, var @operator) = await zone;
        Operator = new ZoneOperator(Address, @operator);
    }
}
