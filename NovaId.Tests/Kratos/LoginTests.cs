namespace NovaId.Tests.Kratos;

public sealed class LoginTests
{
    [Fact]
    public async Task An_api_login_gives_a_session_token_that_whoami_takes()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");

        var login = await zone.LoginAsync("ada@novaid.local");

        Assert.StartsWith("ory_st_", login.Text("session_token"));
        Assert.Equal(39, login.Text("session_token").Length);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, login.GetProperty("continue_with").ValueKind);
        using var response = await zone.WhoAmIAsync(login.Text("session_token"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(person.Text("id"), response.Headers.GetValues("X-Kratos-Authenticated-Identity-Id").Single());
        var session = await response.JsonAsync();
        Assert.Equal(login.At("session.id").GetString(), session.Text("id"));
        Assert.True(session.GetProperty("active").GetBoolean());
        Assert.Equal("aal1", session.Text("authenticator_assurance_level"));
        Assert.Equal("password", session.At("authentication_methods.0.method").GetString());
        Assert.Equal("aal1", session.At("authentication_methods.0.aal").GetString());
        Assert.Equal(TimeSpan.FromHours(12), session.GetProperty("expires_at").GetDateTimeOffset() - session.GetProperty("issued_at").GetDateTimeOffset());
        Assert.Equal(person.Text("id"), session.At("identity.id").GetString());
        Assert.Equal("ada@novaid.local", session.At("identity.traits.email").GetString());
        Assert.False(session.GetProperty("identity").TryGetProperty("credentials", out _));
        Assert.False(session.GetProperty("identity").TryGetProperty("metadata_admin", out _));
        Assert.Equal(1, session.GetProperty("devices").GetArrayLength());
    }

    [Fact]
    public async Task The_form_has_the_inputs_and_the_order_of_Kratos()
    {
        await using var zone = await KratosZone.StartAsync();
        using var response = await zone.Public.FetchAsync("/self-service/login/api");

        var flow = await response.JsonAsync();

        Assert.Equal("api", flow.Text("type"));
        Assert.Equal("choose_method", flow.Text("state"));
        Assert.Equal("aal1", flow.Text("requested_aal"));
        Assert.Equal("POST", flow.At("ui.method").GetString());
        Assert.Equal($"{KratosZone.PublicAddress}self-service/login?flow={flow.Text("id")}", flow.At("ui.action").GetString());
        Assert.Equal(
            ["csrf_token", "identifier", "passkey_login_trigger", "passkey_login", "passkey_challenge", "method", "password", "method"],
            flow.Inputs());
        Assert.Equal("", Browser.CsrfToken(flow));
        var identifier = flow.Input("identifier");
        Assert.Equal("default", identifier.Text("group"));
        Assert.Equal(1070002, identifier.At("meta.label.id").GetInt32());
        Assert.Equal("E-mail", identifier.At("meta.label.text").GetString());
        Assert.Equal("username webauthn", identifier.At("attributes.autocomplete").GetString());
        Assert.Equal("current-password", flow.Input("password").At("attributes.autocomplete").GetString());
        var methods = flow.At("ui.nodes").EnumerateArray().Where(node => node.At("attributes").Text("name") == "method").ToArray();
        Assert.Equal([1010015, 1010022], methods.Select(node => node.At("meta.label.id").GetInt32()));
        Assert.Equal(["code", "password"], methods.Select(node => node.At("attributes.value").GetString()));
    }

    [Theory]
    [InlineData("ada@novaid.local", "not the password at all")]
    [InlineData("nobody@novaid.local", KratosZone.Password)]
    public async Task An_unknown_person_and_a_wrong_password_get_the_same_answer(string identifier, string password)
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");

        using var response = await zone.SubmitAsync("login", new { method = "password", identifier, password });

        Assert.Equal(400, (int)response.StatusCode);
        var flow = await response.JsonAsync();
        Assert.Equal([4000006], flow.GetProperty("ui").MessageIds());
        Assert.Equal(identifier, flow.Input("identifier").At("attributes.value").GetString());
        Assert.False(flow.Input("password").At("attributes").TryGetProperty("value", out _));
    }

    [Fact]
    public async Task The_identifier_is_found_whatever_its_case_and_the_blanks_around_it()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");

        using var response = await zone.SubmitAsync("login", new { method = "password", identifier = " Ada@NovaId.local ", password = KratosZone.Password });

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task What_is_missing_is_said_at_the_input()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("login", new { method = "password" });

        Assert.Equal(400, (int)response.StatusCode);
        var flow = await response.JsonAsync();
        Assert.Equal([4000002], flow.Input("password").MessageIds());
        Assert.Equal([4000002], flow.Input("identifier").MessageIds());
    }

    [Fact]
    public async Task A_submission_without_a_method_finds_no_strategy()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("login", new { identifier = "ada@novaid.local", password = KratosZone.Password });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal([4010002], (await response.JsonAsync()).GetProperty("ui").MessageIds());
    }

    [Fact]
    public async Task A_method_that_is_switched_off_answers_404()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.SubmitAsync("login", new { method = "webauthn" });

        Assert.Equal(404, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_page_logs_in_with_cookies_and_a_redirect()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var start = await browser.GetAsync("/self-service/login/browser");
        Assert.Equal(303, (int)start.StatusCode);
        Assert.StartsWith("http://localhost:4455/accounts/login?flow=", start.Headers.Location!.ToString());
        using var shown = await browser.GetAsync("/self-service/login/flows?id=" + start.Headers.Location.Query[6..]);
        var flow = await shown.JsonAsync();

        using var response = await browser.PostAsync(flow.At("ui.action").GetString()!, new()
        {
            ["method"] = "password",
            ["identifier"] = "ada@novaid.local",
            ["password"] = KratosZone.Password,
            ["csrf_token"] = Browser.CsrfToken(flow),
        });

        Assert.Equal(303, (int)response.StatusCode);
        Assert.Equal("http://localhost:4455/accounts/", response.Headers.Location!.ToString());
        using var whoami = await browser.GetAsync("/sessions/whoami", script: true);
        Assert.Equal(200, (int)whoami.StatusCode);
    }

    [Fact]
    public async Task A_page_that_fails_is_sent_back_to_its_form_with_the_message()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();

        using var response = await browser.LoginAsync("ada@novaid.local");

        Assert.Equal(303, (int)response.StatusCode);
        var id = response.Headers.Location!.Query[6..];
        using var shown = await browser.GetAsync($"/self-service/login/flows?id={id}");
        Assert.Equal([4000006], (await shown.JsonAsync()).GetProperty("ui").MessageIds());
    }

    [Fact]
    public async Task A_script_logs_in_with_a_cookie_and_without_a_token_in_the_body()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        var flow = await browser.StartAsync("login");

        using var response = await browser.PostScriptAsync(flow.At("ui.action").GetString()!, new
        {
            method = "password",
            identifier = "ada@novaid.local",
            password = KratosZone.Password,
            csrf_token = Browser.CsrfToken(flow),
        });

        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.False(body.TryGetProperty("session_token", out _));
        Assert.Equal("redirect_browser_to", body.At("continue_with.0.action").GetString());
        Assert.Equal("http://localhost:4455/accounts/", body.At("continue_with.0.redirect_browser_to").GetString());
        Assert.True(browser.Cookies.ContainsKey("novaid_session"));
    }

    [Fact]
    public async Task The_session_cookie_has_the_configured_attributes()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();

        using var response = await browser.LoginAsync("ada@novaid.local");

        var cookie = browser.SetCookies.Single(text => text.StartsWith("novaid_session=", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.Contains("; path=/", cookie);
        Assert.Contains("; httponly", cookie);
        Assert.Contains("; samesite=lax", cookie);
        Assert.Contains("; max-age=43200", cookie);
        Assert.DoesNotContain("; secure", cookie);
        Assert.DoesNotContain("ory_st_", cookie);
    }

    [Fact]
    public async Task Only_its_own_key_takes_Secure_from_the_session_cookie()
    {
        var environment = KratosZone.Environment();
        environment.Remove("SESSION_COOKIE_SECURE");
        await using var zone = await KratosZone.StartAsync(environment: environment);
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();

        using var response = await browser.LoginAsync("ada@novaid.local");

        Assert.Contains("; secure", browser.SetCookies.Single(text => text.StartsWith("novaid_session=", StringComparison.Ordinal)));
        Assert.DoesNotContain("; secure", browser.SetCookies.Single(text => text.StartsWith("csrf_token_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_cookie_that_was_changed_is_no_session()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");
        var cookie = browser.Cookies["novaid_session"];

        browser.Cookies["novaid_session"] = (cookie[0] == 'A' ? 'B' : 'A') + cookie[1..];

        using var whoami = await browser.GetAsync("/sessions/whoami", script: true);
        Assert.Equal(401, (int)whoami.StatusCode);
    }

    [Fact]
    public async Task A_login_never_takes_over_a_session_that_the_browser_brought()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        await zone.CreatePersonAsync("mallory@novaid.local");
        var attacker = await zone.LoginAsync("mallory@novaid.local");
        var browser = zone.OpenBrowser();
        using var planted = await browser.LoginAsync("mallory@novaid.local");
        var plantedCookie = browser.Cookies["novaid_session"];

        using var login = await browser.LoginAsync("ada@novaid.local", query: "?refresh=true");

        using var whoami = await browser.GetAsync("/sessions/whoami", script: true);
        var session = await whoami.JsonAsync();
        Assert.Equal("ada@novaid.local", session.At("identity.traits.email").GetString());
        Assert.NotEqual(attacker.At("session.id").GetString(), session.Text("id"));
        var other = zone.OpenBrowser();
        other.Cookies["novaid_session"] = plantedCookie;
        using var old = await other.GetAsync("/sessions/whoami", script: true);
        Assert.Equal("mallory@novaid.local", (await old.JsonAsync()).At("identity.traits.email").GetString());
    }

    [Fact]
    public async Task Whoever_is_logged_in_cannot_log_in_again()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var api = await zone.Public.FetchAsync("/self-service/login/api", token);

        Assert.Equal(400, (int)api.StatusCode);
        Assert.Equal("session_already_available", (await api.JsonAsync()).ErrorId());
        Assert.Equal("session_already_available", api.Headers.GetValues("Ory-Error-Id").Single());
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");
        using var page = await browser.GetAsync("/self-service/login/browser");
        Assert.Equal(303, (int)page.StatusCode);
        Assert.Equal("http://localhost:4455/accounts/", page.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_login_that_renews_keeps_the_session_and_makes_it_young_again()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var first = await zone.LoginAsync("ada@novaid.local");
        var token = first.Text("session_token");
        zone.Time.Advance(TimeSpan.FromHours(2));
        using var start = await zone.Public.FetchAsync("/self-service/login/api?refresh=true", token);
        var flow = await start.JsonAsync();
        Assert.True(flow.GetProperty("refresh").GetBoolean());
        Assert.Equal([1010003], flow.GetProperty("ui").MessageIds());
        var methods = flow.At("ui.nodes").EnumerateArray().Where(node => node.At("attributes").Text("name") == "method");
        Assert.Equal([1010015, 1010001], methods.Select(node => node.At("meta.label.id").GetInt32()));

        using var response = await zone.Public.PostJsonAsync(
            "/self-service/login?flow=" + flow.Text("id"),
            new { method = "password", identifier = "ada@novaid.local", password = KratosZone.Password },
            token);

        var second = await response.JsonAsync();
        Assert.Equal(first.At("session.id").GetString(), second.At("session.id").GetString());
        Assert.Equal(token, second.Text("session_token"));
        Assert.Equal(2, second.At("session.authentication_methods").GetArrayLength());
        Assert.Equal(
            TimeSpan.FromHours(2),
            second.At("session.authenticated_at").GetDateTimeOffset() - first.At("session.authenticated_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_higher_assurance_level_needs_a_session_first()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Public.FetchAsync("/self-service/login/api?aal=aal2");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("session_aal1_required", (await response.JsonAsync()).ErrorId());
    }

    [Fact]
    public async Task A_flow_that_expired_is_replaced()
    {
        await using var zone = await KratosZone.StartAsync();
        using var start = await zone.Public.FetchAsync("/self-service/login/api");
        var old = await start.JsonAsync();
        zone.Time.Advance(TimeSpan.FromMinutes(11));

        using var response = await zone.Public.PostJsonAsync(
            "/self-service/login?flow=" + old.Text("id"), new { method = "password", identifier = "a", password = "b" });

        Assert.Equal(410, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal("self_service_flow_expired", body.ErrorId());
        using var shown = await zone.Public.FetchAsync("/self-service/login/flows?id=" + body.Text("use_flow_id"));
        Assert.Equal([4010001], (await shown.JsonAsync()).GetProperty("ui").MessageIds());
        using var gone = await zone.Public.FetchAsync("/self-service/login/flows?id=" + old.Text("id"));
        Assert.Equal(410, (int)gone.StatusCode);
    }

    [Fact]
    public async Task A_flow_that_never_was_is_not_found()
    {
        await using var zone = await KratosZone.StartAsync();

        using var shown = await zone.Public.FetchAsync($"/self-service/login/flows?id={Guid.NewGuid()}");
        using var missing = await zone.Public.SendAsync(HttpMethod.Post, "/self-service/login", new { method = "password" });

        Assert.Equal(404, (int)shown.StatusCode);
        Assert.Equal("Unable to locate the resource", (await shown.JsonAsync()).At("error.message").GetString());
        // Without Accept, Kratos takes the sender for a browser and sends it to the error page.
        Assert.Equal(303, (int)missing.StatusCode);
    }

    [Fact]
    public async Task Malformed_json_is_said_above_the_form()
    {
        await using var zone = await KratosZone.StartAsync();
        using var start = await zone.Public.FetchAsync("/self-service/login/api");
        var id = (await start.JsonAsync()).Text("id");
        using var content = new StringContent("{\"method\":", System.Text.Encoding.UTF8, "application/json");

        using var response = await zone.Public.PostAsync($"/self-service/login?flow={id}", content, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        var messages = (await response.JsonAsync()).At("ui.messages");
        Assert.Equal(4000001, messages[0].GetProperty("id").GetInt32());
        Assert.Equal("Unable to decode form as JSON.", messages[0].Text("text"));
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused()
    {
        await using var zone = await KratosZone.StartAsync();
        using var start = await zone.Public.FetchAsync("/self-service/login/api");
        var id = (await start.JsonAsync()).Text("id");

        using var response = await zone.Public.PostJsonAsync(
            $"/self-service/login?flow={id}", new { method = "password", identifier = "a", password = new string('x', 10 * 1024 * 1024) });

        Assert.Equal(400, (int)response.StatusCode);
    }
}
