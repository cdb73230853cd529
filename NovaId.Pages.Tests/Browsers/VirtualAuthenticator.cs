using System.Text.Json;
using Microsoft.Playwright;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>An authenticator that Chromium itself plays (DevTools protocol, domain WebAuthn): built in, it keeps discoverable keys and
/// verifies whoever is in front of it.</summary>
internal sealed class VirtualAuthenticator
{
    private const string Button = "button:has-text('Log in with a passkey')";

    private readonly ICDPSession _devTools;
    private readonly Dictionary<string, object> _named;

    private VirtualAuthenticator(ICDPSession devTools, string id) => (_devTools, _named) = (devTools, new() { ["authenticatorId"] = id });

    /// <summary>Gives a visitor's tab one.</summary>
    public static async Task<VirtualAuthenticator> AddAsync(BrowserVisitor visitor)
    {
        var devTools = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        await devTools.SendAsync("WebAuthn.enable", []);
        var made = await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualAuthenticator(devTools, made!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>The keys that it holds.</summary>
    public async Task<IReadOnlyList<JsonElement>> KeysAsync() =>
        [.. (await _devTools.SendAsync("WebAuthn.getCredentials", _named))!.Value.GetProperty("credentials").EnumerateArray()];

    /// <summary>Opens a login page and takes its button for passkeys.</summary>
    public async Task LogInAsync(BrowserVisitor visitor, string page)
    {
        await OpenLoginAsync(visitor, page);
        await PressAsync(visitor);
    }

    /// <summary>Opens a login page, and nobody agrees to anything yet.</summary>
    public async Task OpenLoginAsync(BrowserVisitor visitor, string page)
    {
        // The browser offers the key as soon as the page is there, and this authenticator would take the offer before the button.
        await AgreeAsync(false);
        await visitor.OpenAsync(page);
        await Assertions.Expect(visitor.Page.Locator(Button)).ToBeVisibleAsync();
    }

    /// <summary>Takes the button for passkeys of the login page that is there.</summary>
    public async Task PressAsync(BrowserVisitor visitor)
    {
        await AgreeAsync(true);
        await visitor.Page.ClickAsync(Button);
    }

    /// <summary>From now on the person in front of it agrees, or keeps their finger off.</summary>
    public Task AgreeAsync(bool agrees) =>
        _devTools.SendAsync("WebAuthn.setAutomaticPresenceSimulation", new(_named) { ["enabled"] = agrees });
}
