using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace NovaId.Tests.Kratos;

public sealed class OAuth2LoginTests
{
    private const string Redirect = KratosZone.Gateway + "/oauth2/auth?login_verifier=v";

    [Fact]
    public async Task A_page_that_logs_in_for_a_client_goes_back_to_Hydra()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");
        var accepted = new ConcurrentQueue<JsonElement>();
        await using var hydra = await zone.StartHydraAsync(http => AnswerAsync(http, accepted));
        var browser = zone.OpenBrowser();

        using var response = await browser.LoginAsync("ada@novaid.local", query: "?login_challenge=abc");

        Assert.Equal(303, (int)response.StatusCode);
        Assert.Equal(Redirect, response.Headers.Location!.OriginalString);
        var body = Assert.Single(accepted);
        Assert.Equal(person.Text("id"), body.Text("subject"));
        Assert.Equal(43200, body.GetProperty("remember_for").GetInt32());
        Assert.True(body.GetProperty("remember").GetBoolean());
        Assert.Equal("password", body.At("amr.0").GetString());
        using var whoami = await browser.GetAsync("/sessions/whoami", script: true);
        Assert.Equal((await whoami.JsonAsync()).Text("id"), body.Text("identity_provider_session_id"));
    }

    [Fact]
    public async Task A_script_is_told_to_change_the_location()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        await using var hydra = await zone.StartHydraAsync(http => AnswerAsync(http, []));
        var browser = zone.OpenBrowser();
        var flow = await browser.StartAsync("login", "?login_challenge=abc");
        Assert.Equal("abc", flow.Text("oauth2_login_challenge"));
        Assert.Equal("abc", flow.At("oauth2_login_request.challenge").GetString());

        using var response = await browser.PostScriptAsync(flow.At("ui.action").GetString()!, new
        {
            method = "password",
            identifier = "ada@novaid.local",
            password = KratosZone.Password,
            csrf_token = Browser.CsrfToken(flow),
        });

        Assert.Equal(422, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal("browser_location_change_required", body.ErrorId());
        Assert.Equal(Redirect, body.Text("redirect_browser_to"));
    }

    [Fact]
    public async Task Whoever_is_logged_in_must_confirm_it_unless_Hydra_skips()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");
        var accepted = new ConcurrentQueue<JsonElement>();
        await using var hydra = await zone.StartHydraAsync(http => AnswerAsync(http, accepted));
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");

        using var asked = await browser.GetAsync("/self-service/login/browser?login_challenge=abc");
        using var skipped = await browser.GetAsync("/self-service/login/browser?login_challenge=skip");

        Assert.StartsWith("http://localhost:4455/accounts/login?flow=", asked.Headers.Location!.ToString());
        Assert.Equal(Redirect, skipped.Headers.Location!.OriginalString);
        Assert.Equal(person.Text("id"), Assert.Single(accepted).Text("subject"));
    }

    [Fact]
    public async Task A_registration_for_a_client_goes_back_to_Hydra()
    {
        await using var zone = await KratosZone.StartAsync();
        await using var hydra = await zone.StartHydraAsync(http => AnswerAsync(http, []));
        var browser = zone.OpenBrowser();
        var flow = await browser.StartAsync("registration", "?login_challenge=abc");

        using var response = await browser.PostAsync(flow.At("ui.action").GetString()!, new()
        {
            ["method"] = "password",
            ["password"] = KratosZone.Password,
            ["traits.email"] = "ada@novaid.local",
            ["csrf_token"] = Browser.CsrfToken(flow),
        });

        Assert.Equal(Redirect, response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("?login_challenge=unknown", true, 400)]
    [InlineData("?login_challenge=", true, 400)]
    [InlineData("?login_challenge=abc", false, 500)]
    public async Task A_challenge_that_Hydra_does_not_confirm_starts_no_flow(string query, bool running, int status)
    {
        await using var zone = await KratosZone.StartAsync();
        await using var hydra = running ? await zone.StartHydraAsync(http => AnswerAsync(http, [])) : null;

        using var response = await zone.OpenBrowser().GetAsync("/self-service/login/browser" + query, script: true);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_login_that_Hydra_does_not_accept_fails()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        await using var hydra = await zone.StartHydraAsync(http => AnswerAsync(http, []));
        var browser = zone.OpenBrowser();

        using var response = await browser.LoginAsync("ada@novaid.local", query: "?login_challenge=used");

        Assert.StartsWith("http://localhost:4455/accounts/error?id=", response.Headers.Location!.ToString());
    }

    private static async Task AnswerAsync(HttpContext http, ConcurrentQueue<JsonElement> accepted)
    {
        var challenge = http.Request.Query["login_challenge"].ToString();
        var accepts = http.Request.Path == "/admin/oauth2/auth/requests/login/accept" && http.Request.Method == "PUT";
        if (challenge == "unknown" || (accepts && challenge == "used") || (!accepts && http.Request.Path != "/admin/oauth2/auth/requests/login"))
        {
            http.Response.StatusCode = 404;
            return;
        }

        if (accepts)
        {
            accepted.Enqueue(await http.Request.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
            await http.Response.WriteAsJsonAsync(new { redirect_to = Redirect }, TestContext.Current.CancellationToken);
            return;
        }

        await http.Response.WriteAsJsonAsync(
            new { challenge, skip = challenge == "skip", subject = "", request_url = KratosZone.Gateway + "/oauth2/auth" }, TestContext.Current.CancellationToken);
    }
}
