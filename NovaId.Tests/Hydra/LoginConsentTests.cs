using System.Net;
using System.Text.Json.Nodes;

namespace NovaId.Tests.Hydra;

public sealed class LoginConsentTests : HydraTest
{
    private static readonly JsonObject Ada = new() { ["subject"] = "ada" };
    private static readonly JsonObject RememberAda = new() { ["subject"] = "ada", ["remember"] = true, ["remember_for"] = 3600 };

    [Fact]
    public async Task The_login_page_learns_what_is_asked_for()
    {
        var client = await Hydra.CreateClientAsync();
        var url = HydraHost.AuthorizeUrl(client.Id, ("login_hint", "ada@example.org"), ("acr_values", "aal1 aal2"));
        var page = await new Browser(Hydra.Http).GetLocationAsync(url);
        var request = await Hydra.GetRequestAsync("login", page);

        Assert.StartsWith("http://localhost:4455/accounts/login?login_challenge=", page.ToString(), StringComparison.Ordinal);
        Assert.Equal(HydraHost.Query(page)["login_challenge"], request["challenge"]!.GetValue<string>());
        Assert.Equal(3, request["requested_scope"]!.AsArray().Count);
        Assert.Equal("novaid-api", Assert.Single(request["requested_access_token_audience"]!.AsArray())!.GetValue<string>());
        Assert.False(request["skip"]!.GetValue<bool>());
        Assert.Equal("", request["subject"]!.GetValue<string>());
        Assert.Equal(url, request["request_url"]!.GetValue<string>());
        Assert.Equal("ada@example.org", request["oidc_context"]!["login_hint"]!.GetValue<string>());
        Assert.Equal(2, request["oidc_context"]!["acr_values"]!.AsArray().Count);
        Assert.NotEmpty(request["session_id"]!.GetValue<string>());
        Assert.Equal(client.Id, request["client"]!["client_id"]!.GetValue<string>());
        Assert.False(request["client"]!.AsObject().ContainsKey("client_secret"));
    }

    [Fact]
    public async Task The_consent_page_learns_who_logged_in_and_how()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var login = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var sessionId = (await Hydra.GetRequestAsync("login", login))["session_id"]!.GetValue<string>();
        var accept = new JsonObject
        {
            ["subject"] = "ada",
            ["acr"] = "aal2",
            ["amr"] = new JsonArray("pwd", "otp"),
            ["context"] = new JsonObject { ["from"] = "kratos" },
        };
        var page = await browser.GetLocationAsync(await Hydra.DecideAsync("login", login, "accept", accept));
        var request = await Hydra.GetRequestAsync("consent", page);

        Assert.Equal("ada", request["subject"]!.GetValue<string>());
        Assert.Equal("aal2", request["acr"]!.GetValue<string>());
        Assert.Equal(2, request["amr"]!.AsArray().Count);
        Assert.Equal("kratos", request["context"]!["from"]!.GetValue<string>());
        Assert.Equal(sessionId, request["login_session_id"]!.GetValue<string>());
        Assert.NotEmpty(request["login_challenge"]!.GetValue<string>());
        Assert.NotEmpty(request["consent_request_id"]!.GetValue<string>());
        Assert.False(request["skip"]!.GetValue<bool>());
        Assert.Equal(3, request["requested_scope"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_login_begun_in_one_browser_cannot_be_finished_in_another()
    {
        var client = await Hydra.CreateClientAsync();
        var login = await new Browser(Hydra.Http).GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var next = await Hydra.DecideAsync("login", login, "accept", Ada);

        var stranger = HydraHost.Query(await new Browser(Hydra.Http).GetLocationAsync(next));
        Assert.Equal("request_forbidden", stranger["error"]);
        Assert.Contains("No CSRF value available in the session cookie.", stranger["error_description"], StringComparison.Ordinal);

        var victim = new Browser(Hydra.Http);
        await victim.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var lured = HydraHost.Query(await victim.GetLocationAsync(next));
        Assert.Equal("request_forbidden", lured["error"]);
        Assert.Contains("does not match", lured["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consent_given_in_one_browser_cannot_be_used_in_another()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var login = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var consent = await browser.GetLocationAsync(await Hydra.DecideAsync("login", login, "accept", Ada));
        var next = await Hydra.DecideAsync("consent", consent, "accept", HydraHost.Consent("openid"));

        var stranger = HydraHost.Query(await new Browser(Hydra.Http).GetLocationAsync(next));
        Assert.Equal("request_forbidden", stranger["error"]);
        Assert.False(stranger.ContainsKey("code"));
    }

    [Fact]
    public async Task A_cookie_that_was_made_up_is_none()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var login = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        browser.Forge(browser.Cookies.Keys.Single(), "bWFkZXVw.bWFkZXVw");
        var query = HydraHost.Query(await browser.GetLocationAsync(await Hydra.DecideAsync("login", login, "accept", Ada)));
        Assert.Equal("request_forbidden", query["error"]);
        Assert.Contains("could not be decoded", query["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookies_are_out_of_reach_for_scripts_and_other_sites()
    {
        var client = await Hydra.CreateClientAsync();
        var response = await new Browser(Hydra.Http).GetAsync(HydraHost.AuthorizeUrl(client.Id));
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("ory_hydra_login_csrf_dev_", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=900", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_consent_leads_to_one_code_only()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var login = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var consent = await browser.GetLocationAsync(await Hydra.DecideAsync("login", login, "accept", Ada));
        var next = await Hydra.DecideAsync("consent", consent, "accept", HydraHost.Consent("openid"));

        Assert.NotEmpty(HydraHost.Query(await browser.GetLocationAsync(next))["code"]);
        var again = HydraHost.Query(await browser.GetLocationAsync(next));
        Assert.Equal("access_denied", again["error"]);
        Assert.Contains("already been used", again["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("login")]
    [InlineData("consent")]
    public async Task A_rejection_goes_back_to_the_client(string kind)
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var page = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        if (kind == "consent")
        {
            page = await browser.GetLocationAsync(await Hydra.DecideAsync("login", page, "accept", Ada));
        }

        var denied = new JsonObject { ["error"] = "access_denied", ["error_description"] = "Not today.", ["error_hint"] = "Try tomorrow." };
        var query = HydraHost.Query(await browser.GetLocationAsync(await Hydra.DecideAsync(kind, page, "reject", denied)));
        Assert.Equal("access_denied", query["error"]);
        Assert.Equal("Not today. Try tomorrow.", query["error_description"]);
        Assert.Equal(HydraHost.State, query["state"]);
    }

    [Fact]
    public async Task A_challenge_or_verifier_that_was_made_up_is_none()
    {
        var client = await Hydra.CreateClientAsync();
        await HydraHost.AssertErrorAsync(
            await Hydra.AdminAsync(HttpMethod.Get, "/admin/oauth2/auth/requests/login?login_challenge=made-up"),
            HttpStatusCode.NotFound,
            "Not Found");
        await HydraHost.AssertErrorAsync(
            await Hydra.AdminAsync(HttpMethod.Put, "/admin/oauth2/auth/requests/consent/accept?consent_challenge=made-up", new JsonObject()),
            HttpStatusCode.NotFound,
            "Not Found");
        await HydraHost.AssertErrorAsync(
            await Hydra.AdminAsync(HttpMethod.Get, "/admin/oauth2/auth/requests/login"),
            HttpStatusCode.BadRequest,
            "invalid_request");
        foreach (var verifier in new[] { "login_verifier", "consent_verifier" })
        {
            var query = HydraHost.Query(await new Browser(Hydra.Http).GetLocationAsync(
                HydraHost.AuthorizeUrl(client.Id, (verifier, "made-up"))));
            Assert.Equal("access_denied", query["error"]);
        }
    }

    [Fact]
    public async Task A_login_challenge_is_no_consent_challenge_and_no_verifier()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var challenge = HydraHost.Query(await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id)))["login_challenge"];
        await HydraHost.AssertErrorAsync(
            await Hydra.AdminAsync(HttpMethod.Get, $"/admin/oauth2/auth/requests/consent?consent_challenge={challenge}"),
            HttpStatusCode.NotFound,
            "Not Found");
        var query = HydraHost.Query(await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id, ("login_verifier", challenge))));
        Assert.Equal("access_denied", query["error"]);
    }

    [Fact]
    public async Task A_login_must_name_its_subject()
    {
        var client = await Hydra.CreateClientAsync();
        var page = await new Browser(Hydra.Http).GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var challenge = HydraHost.Query(page)["login_challenge"];
        await HydraHost.AssertErrorAsync(
            await Hydra.AdminAsync(HttpMethod.Put, $"/admin/oauth2/auth/requests/login/accept?login_challenge={challenge}", new JsonObject()),
            HttpStatusCode.BadRequest,
            "invalid_request",
            "Field 'subject' must not be empty.");
    }

    [Fact]
    public async Task A_request_dies_when_its_time_is_up()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var page = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var next = await Hydra.DecideAsync("login", page, "accept", Ada);
        Hydra.Time.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));

        await HydraHost.AssertErrorAsync(
            await Hydra.AdminAsync(
                HttpMethod.Get,
                $"/admin/oauth2/auth/requests/login?login_challenge={HydraHost.Query(page)["login_challenge"]}"),
            HttpStatusCode.Unauthorized,
            "request_unauthorized",
            "The login request has expired");
        Assert.Equal("request_unauthorized", HydraHost.Query(await browser.GetLocationAsync(next))["error"]);
    }

    [Fact]
    public async Task A_remembered_login_is_skipped_in_the_same_browser_only()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda);

        var again = await Hydra.GetRequestAsync("login", await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id)));
        Assert.True(again["skip"]!.GetValue<bool>());
        Assert.Equal("ada", again["subject"]!.GetValue<string>());

        var elsewhere = await Hydra.GetRequestAsync(
            "login", await new Browser(Hydra.Http).GetLocationAsync(HydraHost.AuthorizeUrl(client.Id)));
        Assert.False(elsewhere["skip"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_login_that_is_not_remembered_is_asked_for_again()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id));
        var again = await Hydra.GetRequestAsync("login", await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id)));
        Assert.False(again["skip"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Prompt_login_asks_again_and_so_does_a_login_that_is_too_old()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda);
        Hydra.Time.Advance(TimeSpan.FromMinutes(2));

        foreach (var (name, value, skip) in new[] { ("prompt", "login", false), ("max_age", "60", false), ("max_age", "600", true) })
        {
            var page = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id, (name, value)));
            Assert.Equal(skip, (await Hydra.GetRequestAsync("login", page))["skip"]!.GetValue<bool>());
        }

        var none = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id, ("prompt", "none"), ("max_age", "60")));
        Assert.Equal("login_required", HydraHost.Query(none)["error"]);
    }

    [Fact]
    public async Task With_prompt_none_a_remembered_login_and_consent_are_enough()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        var consent = HydraHost.Consent("openid", "offline_access", "novaid.read");
        consent["remember"] = true;
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda, consent);
        Hydra.Time.Advance(TimeSpan.FromSeconds(5));

        var login = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id, ("prompt", "none")));
        var page = await browser.GetLocationAsync(await Hydra.DecideAsync("login", login, "accept", Ada));
        Assert.True((await Hydra.GetRequestAsync("consent", page))["skip"]!.GetValue<bool>());
        var back = await browser.GetLocationAsync(await Hydra.DecideAsync("consent", page, "accept", HydraHost.Consent("openid")));
        Assert.NotEmpty(HydraHost.Query(back)["code"]);
    }

    [Fact]
    public async Task With_prompt_none_and_no_consent_the_client_is_told_so()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda);
        var login = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id, ("prompt", "none")));
        var back = await browser.GetLocationAsync(await Hydra.DecideAsync("login", login, "accept", Ada));
        Assert.Equal("consent_required", HydraHost.Query(back)["error"]);
    }

    [Fact]
    public async Task Somebody_else_than_the_remembered_user_must_log_in_anew()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda);
        var login = await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id));
        var next = await Hydra.DecideAsync("login", login, "accept", new JsonObject { ["subject"] = "grace" });
        Assert.Equal("login", HydraHost.Query(new Uri(next))["prompt"]);
        Assert.DoesNotContain("login_verifier", next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_login_session_is_not_remembered()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda);
        var deleted = await Hydra.AdminAsync(HttpMethod.Delete, "/admin/oauth2/auth/sessions/login?subject=ada");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var again = await Hydra.GetRequestAsync("login", await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id)));
        Assert.False(again["skip"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_revoked_consent_takes_its_tokens_with_it()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var deleted = await Hydra.AdminAsync(HttpMethod.Delete, $"/admin/oauth2/auth/sessions/consent?subject=ada&client={client.Id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.False(await Hydra.IsActiveAsync(tokens["access_token"]!.GetValue<string>()));
        Assert.False(await Hydra.IsActiveAsync(tokens["refresh_token"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Logging_out_ends_the_remembered_login()
    {
        var client = await Hydra.CreateClientAsync();
        var browser = new Browser(Hydra.Http);
        await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda);

        var page = await browser.GetLocationAsync(HydraHost.Issuer + "/oauth2/sessions/logout");
        Assert.StartsWith("http://localhost:4455/accounts/logout?logout_challenge=", page.ToString(), StringComparison.Ordinal);
        Assert.Equal("ada", (await Hydra.GetRequestAsync("logout", page))["subject"]!.GetValue<string>());
        var done = await browser.GetLocationAsync(await Hydra.DecideAsync("logout", page, "accept", []));
        Assert.Equal("http://localhost:4455/accounts/", done.ToString());

        var again = await Hydra.GetRequestAsync("login", await browser.GetLocationAsync(HydraHost.AuthorizeUrl(client.Id)));
        Assert.False(again["skip"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_client_may_ask_for_the_logout_and_have_the_browser_back()
    {
        const string Home = "http://127.0.0.1:5000/home";
        var client = await Hydra.CreateClientAsync(new JsonObject { ["post_logout_redirect_uris"] = new JsonArray(Home) });
        var browser = new Browser(Hydra.Http);
        var back = await Hydra.AuthorizeAsync(browser, HydraHost.AuthorizeUrl(client.Id), RememberAda);
        var tokens = await HydraHost.ReadAsync(await Hydra.RedeemAsync(client, HydraHost.Query(back)["code"]));
        var hint = $"?id_token_hint={tokens["id_token"]!.GetValue<string>()}&post_logout_redirect_uri=";

        var refused = await browser.GetLocationAsync($"{HydraHost.Issuer}/oauth2/sessions/logout{hint}https%3A%2F%2Fevil.example");
        Assert.StartsWith("http://localhost:4455/accounts/error?", refused.ToString(), StringComparison.Ordinal);

        var page = await browser.GetLocationAsync($"{HydraHost.Issuer}/oauth2/sessions/logout{hint}{Uri.EscapeDataString(Home)}&state=xyz");
        var done = await browser.GetLocationAsync(await Hydra.DecideAsync("logout", page, "accept", []));
        Assert.Equal(Home + "?state=xyz", done.ToString());
    }
}
