using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NovaId.Contract.Drivers;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>
/// Somebody in front of a browser. Whatever the browser complains about (a refusal of the Content-Security-Policy, an error of a script)
/// and whatever it asks of another host fails the test when they leave.
/// </summary>
public sealed class BrowserVisitor : IAsyncDisposable
{
    private readonly BrowserZone _zone;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];

    private BrowserVisitor(BrowserZone zone, IBrowserContext context, IPage page)
    {
        _zone = zone;
        _context = context;
        Page = page;
    }

    /// <summary>The tab.</summary>
    public IPage Page { get; }

    /// <summary>The browser's profile.</summary>
    public IBrowserContext Context => _context;

    /// <summary>The address with which they logged in.</summary>
    public string Email { get; private set; } = "";

    /// <summary>Hosts beside the zone's that this test means to reach.</summary>
    public HashSet<string> OtherHosts { get; } = [];

    /// <summary>What the browser complained about so far.</summary>
    public IEnumerable<string> Complaints => _complaints;

    internal static async Task<BrowserVisitor> OpenAsync(BrowserZone zone, IBrowserContext context)
    {
        var visitor = new BrowserVisitor(zone, context, await context.NewPageAsync());
        context.Console += (_, message) =>
        {
            // That an answer is a refusal is for the test to say.
            if (message.Type is "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                visitor._complaints.Enqueue($"{message.Text} ({visitor.Page.Url})");
            }
        };
        context.WebError += (_, error) => visitor._complaints.Enqueue(error.Error);
        context.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is "http" or "https" && address.Authority != zone.Address.Authority && !visitor.OtherHosts.Contains(address.Authority))
            {
                visitor._complaints.Enqueue($"asked {request.Url}");
            }
        };
        return visitor;
    }

    /// <summary>Opens a page of the zone.</summary>
    public async Task<IResponse> OpenAsync(string path) => (await Page.GotoAsync(path))!;

    /// <summary>Logs in on the login page and ends at the start page.</summary>
    public async Task LogInAsync(string email, string password = BrowserZone.Password)
    {
        Email = email;
        await OpenAsync("/accounts/login");
        await FillLoginAsync(email, password);
        await ArrivesAsync("**/accounts/");
    }

    /// <summary>Waits until the browser is at an address. Playwright's own wait for an address misses the page's load where it happens between two
    /// of its questions, as it does on a slow machine.</summary>
    /// <param name="address">The whole address; <c>**</c> stands for anything.</param>
    public Task ArrivesAsync(string address) => Assertions.Expect(Page).ToHaveURLAsync(
        new Regex($"^{Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal)}$"), new() { Timeout = 30_000 });

    /// <summary>Fills in the login form that is there, and sends it.</summary>
    public async Task FillLoginAsync(string email, string password = BrowserZone.Password)
    {
        await Page.FillAsync("input[name=identifier]", email);
        await Page.FillAsync("input[name=password]", password);
        await Page.ClickAsync("button[name=method][value=password]");
    }

    /// <summary>Somebody who is logged in shows once more that it is them, as Kratos wants it for an application that is new to the browser.</summary>
    public async Task ConfirmAsync()
    {
        Assert.Equal("Confirm that it is you", await HeadingAsync());
        await Page.FillAsync("input[name=password]", BrowserZone.Password);
        await Page.ClickAsync("button[name=method][value=password]");
    }

    /// <summary>Logs out by the button of every page.</summary>
    public async Task LogOutAsync()
    {
        await OpenAsync("/accounts/");
        await Page.ClickAsync("header button:has-text('Log out')");
        await SeesAsync("Log in to look after your account");
    }

    /// <summary>Sets up an authenticator app, as somebody who is logged in.</summary>
    public async Task<AuthenticatorApp> SetUpAppAsync()
    {
        await OpenAsync("/accounts/settings");
        var app = new AuthenticatorApp(await Page.Locator("#totp .secret").InnerTextAsync());
        await Page.FillAsync("#totp input[name=totp_code]", app.Code);
        await Page.ClickAsync("#totp button[name=method]");
        await SeesAsync("Your changes are saved.");
        return app;
    }

    /// <summary>The text of the page's title.</summary>
    public Task<string> HeadingAsync() => Page.Locator("h1").InnerTextAsync();

    /// <summary>Waits for the page of a title.</summary>
    public Task ReachesAsync(string title) => Assertions.Expect(Page.Locator("h1")).ToHaveTextAsync(title);

    /// <summary>Whether the page says something.</summary>
    public Task SeesAsync(string text) => Assertions.Expect(Page.Locator("body")).ToContainTextAsync(text);

    /// <summary>Whether the page says something at an input, for eyes and for screen readers.</summary>
    public async Task SeesAtFieldAsync(string name, string text)
    {
        await Assertions.Expect(Page.Locator($".field:has(input[name='{name}'])")).ToContainTextAsync(text);
        await Assertions.Expect(Page.Locator($"input[name='{name}']")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    /// <summary>Nothing of the page is closed to anybody (axe-core, all rules).</summary>
    /// <param name="javaScript">Whether the browser runs scripts: the rules are one, and a browser without is not asked.</param>
    public async Task IsAccessibleAsync(bool javaScript = true)
    {
        if (!javaScript)
        {
            return;
        }

        // What a screen reader says in one breath is not glued to the word before it.
        Assert.Empty(await Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.visually-hidden')].filter(e => e.previousSibling?.nodeType === 3 "
            + "&& /\\S$/.test(e.previousSibling.data) && /^\\S/.test(e.textContent)).map(e => e.parentElement.textContent)"));
        var result = await Page.RunAxe();
        Assert.True(
            result.Violations.Length == 0,
            $"{Page.Url}\n{string.Join('\n', result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(" ", v.Nodes.Select(node => node.Html))}"))}");
    }

    /// <summary>Forgets what the browser complained about: this test provoked it.</summary>
    public void ForgetComplaints() => _complaints.Clear();

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.True(_complaints.IsEmpty, string.Join("\n", _complaints));
        GC.KeepAlive(_zone);
    }
}
