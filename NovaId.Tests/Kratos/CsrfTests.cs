using System.Security.Cryptography;
using System.Text;

namespace NovaId.Tests.Kratos;

public sealed class CsrfTests
{
    [Fact]
    public async Task The_cookie_is_named_after_the_public_address()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();

        await browser.StartAsync("login");

        Assert.Equal("csrf_token_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KratosZone.PublicAddress))), browser.CsrfCookie);
        var cookie = browser.SetCookies.Single().ToLowerInvariant();
        Assert.Contains("; httponly", cookie);
        Assert.Contains("; samesite=lax", cookie);
        Assert.Contains("; max-age=31536000", cookie);
        Assert.Contains("; path=/", cookie);
        Assert.Equal(32, Convert.FromBase64String(browser.Cookies[browser.CsrfCookie]).Length);
    }

    [Fact]
    public async Task Every_response_masks_the_token_anew()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();

        var first = Convert.FromBase64String(Browser.CsrfToken(await browser.StartAsync("login")));
        var second = Convert.FromBase64String(Browser.CsrfToken(await browser.StartAsync("login")));

        Assert.Equal(64, first.Length);
        Assert.NotEqual(first, second);
        Assert.Equal(Unmask(first), Unmask(second));
        Assert.Equal(Convert.FromBase64String(browser.Cookies[browser.CsrfCookie]), Unmask(first));

        static byte[] Unmask(byte[] token) => [.. token[..32].Zip(token[32..], (a, b) => (byte)(a ^ b))];
    }

    [Theory]
    [InlineData("login")]
    [InlineData("registration")]
    public async Task A_submission_without_the_token_is_refused(string kind)
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        var flow = await browser.StartAsync(kind);
        var body = new
        {
            method = "password",
            identifier = "ada@novaid.local",
            password = KratosZone.Password,
            traits = new { email = "bob@novaid.local" },
        };

        using var response = await browser.PostScriptAsync(flow.At("ui.action").GetString()!, body);

        Assert.Equal(403, (int)response.StatusCode);
        var error = await response.JsonAsync();
        Assert.Equal("security_csrf_violation", error.ErrorId());
        Assert.StartsWith("The HTTP Cookie Header was set and a CSRF token was sent but they do not match", error.At("error.details.reject_reason").GetString());
        Assert.False(browser.Cookies.ContainsKey("novaid_session"));
    }

    [Fact]
    public async Task Settings_without_the_token_are_refused()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");
        var flow = await browser.StartAsync("settings");

        using var response = await browser.PostScriptAsync(flow.At("ui.action").GetString()!, new { method = "password", password = "something new and long" });

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal("security_csrf_violation", (await response.JsonAsync()).ErrorId());
    }

    [Fact]
    public async Task A_page_without_the_token_lands_on_the_error_page()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();
        var flow = await browser.StartAsync("login");

        using var response = await browser.PostAsync(
            flow.At("ui.action").GetString()!, new() { ["method"] = "password", ["identifier"] = "a", ["password"] = "b" });

        Assert.Equal(303, (int)response.StatusCode);
        Assert.StartsWith("http://localhost:4455/accounts/error?id=", response.Headers.Location!.ToString());
        using var error = await browser.GetAsync("/self-service/errors" + response.Headers.Location.Query);
        Assert.Equal("security_csrf_violation", (await error.JsonAsync()).ErrorId());
    }

    [Fact]
    public async Task The_token_of_another_browser_is_refused()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var victim = zone.OpenBrowser();
        var attacker = zone.OpenBrowser();
        var flow = await victim.StartAsync("login");
        var foreign = Browser.CsrfToken(await attacker.StartAsync("login"));

        using var response = await victim.PostScriptAsync(
            flow.At("ui.action").GetString()!,
            new { method = "password", identifier = "ada@novaid.local", password = KratosZone.Password, csrf_token = foreign });

        Assert.Equal(403, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_flow_is_not_shown_to_another_browser()
    {
        await using var zone = await KratosZone.StartAsync();
        var id = (await zone.OpenBrowser().StartAsync("login")).Text("id");
        var other = zone.OpenBrowser();
        await other.StartAsync("login");

        using var withOther = await other.GetAsync("/self-service/login/flows?id=" + id);
        using var without = await zone.Public.FetchAsync("/self-service/login/flows?id=" + id);

        Assert.Equal(403, (int)withOther.StatusCode);
        Assert.Equal("security_csrf_violation", (await withOther.JsonAsync()).ErrorId());
        Assert.Equal(403, (int)without.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://localhost:3000", "Origin")]
    [InlineData("Cookie", "anything=1", "Cookie")]
    public async Task A_flow_for_programs_takes_nothing_from_a_browser(string header, string value, string named)
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        using var start = await zone.Public.FetchAsync("/self-service/login/api");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/self-service/login?flow=" + (await start.JsonAsync()).Text("id"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["method"] = "password",
                ["identifier"] = "ada@novaid.local",
                ["password"] = KratosZone.Password,
            }),
        };
        request.Headers.Add(header, value);

        using var response = await zone.Public.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.StartsWith($"The HTTP Request Header included the \"{named}\" key", (await response.JsonAsync()).At("ui.messages.0.text").GetString());
    }

    [Fact]
    public async Task A_login_gives_the_browser_another_token()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        await browser.StartAsync("login");
        var before = browser.Cookies[browser.CsrfCookie];

        using var login = await browser.LoginAsync("ada@novaid.local");

        Assert.NotEqual(before, browser.Cookies[browser.CsrfCookie]);
    }

    [Fact]
    public async Task An_unsafe_request_to_a_path_of_no_flow_needs_the_token()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Public.PostJsonAsync("/nowhere", new { });

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal("security_csrf_violation", (await response.JsonAsync()).ErrorId());
    }
}
