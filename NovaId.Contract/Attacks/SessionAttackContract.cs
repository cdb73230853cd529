using System.Text;
using System.Text.Json;

namespace NovaId.Contract.Attacks;

/// <summary>Attempts on sessions and on the pages that begin and end them.</summary>
public abstract class SessionAttackContract(IZone zone) : AttackContract(zone)
{
    private const string Cookie = "novaid_session";
    private const string SelfService = $"{KratosFlows.Root}/self-service";

    public static TheoryData<string> Flows { get; } = ["login", "registration", "settings"];

    /// <summary>Addresses that look like the frontend's and are not, by flow.</summary>
    public static TheoryData<string, string> Elsewhere
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var flow in new[] { "login", "registration", "settings", "logout" })
            {
                foreach (var target in new[]
                {
                    "https://evil.test/", "//evil.test/", "http://localhost.evil.test:4455/accounts/", "http://localhost:4455@evil.test/accounts/",
                    "http://evil.test#http://localhost:4455/accounts/", "javascript:alert(1)", "http://localhost:44550/accounts/", "HTTP://EVIL.TEST/",
                })
                {
                    data.Add(flow, target);
                }
            }

            return data;
        }
    }

    [Fact]
    public async Task A_session_cookie_that_was_there_before_the_login_is_not_the_one_after_it()
    {
        const string Planted = "MTIzNDU2Nzg5MHxwbGFudGVkfA==";
        var browser = NewBrowser();
        browser.Cookies[Cookie] = Planted;

        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());

        Assert.NotEqual(Planted, browser.Cookies[Cookie]);
        await RefusedByGatewayAsync(Anonymous.With("Cookie", $"{Cookie}={Planted}"), "GET", "/api/me", 401);
    }

    [Fact]
    public async Task The_cookie_of_the_one_who_was_logged_in_before_does_not_become_that_of_the_next()
    {
        var (first, second) = (await NewPersonAsync(), await NewPersonAsync());
        var attacker = NewBrowser();
        await KratosFlows.LoginAsync(attacker, first);
        var planted = attacker.Cookies[Cookie];
        var victim = NewBrowser();
        victim.Cookies[Cookie] = planted;

        // The victim's browser carries the attacker's session and logs in all the same.
        var flow = await KratosFlows.BeginAsync("login", victim, "?refresh=true");
        Discreet(await KratosFlows.SubmitLoginAsync(victim, flow, second.Email, second.Password), second.Password);

        var me = await Anonymous.With("Cookie", $"{Cookie}={planted}").GetAsync("/api/me");
        Assert.True(me.Status == 401 || me["id"].GetString() == first.Id, "The planted cookie has become that of the victim.");
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_form_of_another_site_is_refused_by_every_flow(string kind)
    {
        var (browser, person) = await BrowserForAsync(kind);
        var flow = await KratosFlows.BeginAsync(kind, browser);
        var other = await KratosFlows.BeginAsync("login", NewBrowser());
        var email = KratosFlows.NewEmail();
        foreach (var token in new[] { null, "", "x", other.CsrfToken, flow.CsrfToken[..^4] + "AAAA" })
        {
            using var form = FormOf(kind, token, person, email);

            var refused = await browser.SendAsync(
                HttpMethod.Post, flow.Action, form, ("Accept", "application/json"), ("Origin", "https://evil.test"));

            Assert.Equal("security_csrf_violation", Discreet(refused, person.Password).Expect(403)["error.id"].GetString());
        }

        await NothingHappenedAsync(kind, browser, person, email);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_form_of_another_site_is_no_more_welcome_as_JSON_or_as_plain_text(string kind)
    {
        var (browser, person) = await BrowserForAsync(kind);
        var flow = await KratosFlows.BeginAsync(kind, browser);
        var email = KratosFlows.NewEmail();
        foreach (var type in new[] { "application/json", "text/plain" })
        {
            using var form = new StringContent(
                JsonSerializer.Serialize(new { method = kind == "settings" ? "profile" : "password", identifier = person.Email, password = person.Password, traits = new { email } }),
                Encoding.UTF8,
                type);

            var refused = Discreet(await browser.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json")), person.Password);

            Assert.InRange(refused.Status, 400, 499);
        }

        await NothingHappenedAsync(kind, browser, person, email);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_flow_that_an_attacker_began_is_not_finished_by_another_browser(string kind)
    {
        var (attacker, person) = await BrowserForAsync(kind);
        var flow = await KratosFlows.BeginAsync(kind, attacker);
        var victim = NewBrowser();
        if (kind == "settings")
        {
            await KratosFlows.LoginAsync(victim, await SharedPersonAsync());
        }

        var email = KratosFlows.NewEmail();
        using var form = FormOf(kind, flow.CsrfToken, person, email);

        Discreet(await victim.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json"))).Expect(403);

        await NothingHappenedAsync(kind, victim, kind == "settings" ? await SharedPersonAsync() : person, email);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_link_of_another_site_submits_no_flow(string kind)
    {
        var (browser, person) = await BrowserForAsync(kind);
        var flow = await KratosFlows.BeginAsync(kind, browser);
        var email = KratosFlows.NewEmail();
        var other = await KratosFlows.BeginAsync("login", NewBrowser());
        foreach (var token in new[] { "", $"&csrf_token={Uri.EscapeDataString(other.CsrfToken)}" })
        {
            var query = $"&method={(kind == "settings" ? "profile" : "password")}{token}"
                + $"&identifier={person.Email}&password={person.Password}&traits.email={email}";

            // The address stands in the answer as it was called, with the password that the attacker put there.
            Discreet(await browser.GetAsync(flow.Action + query));
        }

        await NothingHappenedAsync(kind, browser, person, email);
    }

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("null")]
    [InlineData("http://localhost:3000.evil.test")]
    [InlineData("http://localhost:30000")]
    [InlineData("https://localhost:3000")]
    public async Task A_page_from_elsewhere_does_not_read_a_session(string origin)
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());
        foreach (var target in new[] { KratosFlows.WhoAmI, "/api/me", $"{SelfService}/logout/browser" })
        {
            var reply = await browser.SendAsync(HttpMethod.Get, target, null, ("Origin", origin), ("Accept", "application/json"));

            Assert.False(reply.Headers.Contains("Access-Control-Allow-Origin"), $"{target} may be read from {origin}.");
        }
    }

    [Fact]
    public async Task The_session_cookie_goes_to_no_other_host()
    {
        var browser = NewBrowser();
        var person = await SharedPersonAsync();
        var flow = await KratosFlows.BeginAsync("login", browser);

        var done = (await KratosFlows.SubmitLoginAsync(browser, flow, person.Email, person.Password)).Expect(303);

        Assert.All(done.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("evil.test")]
    [InlineData("127.0.0.1")]
    [InlineData("kratos:4433")]
    public async Task A_flow_begun_under_another_name_leads_to_no_other_place(string host)
    {
        // Kratos writes down what it was called (request_url), but sends nobody there.
        var flow = await Anonymous.With("Host", host).GetAsync($"{SelfService}/login/api");
        var page = await Anonymous.With("Host", host).With("Accept", "text/html").GetAsync($"{SelfService}/login/browser");

        Assert.Equal(Zone.Gateway.Authority, new Uri(flow.Expect(200)["ui.action"].GetString()!).Authority);
        Assert.Equal(Pages.Login, page.Expect(303).Location.GetLeftPart(UriPartial.Path));
    }

    [Theory]
    [InlineData("other letters")]
    [InlineData("altered")]
    [InlineData("cut")]
    [InlineData("another name")]
    [InlineData("session token")]
    public async Task A_session_cookie_that_is_not_quite_one_is_none(string kind)
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, person);
        var good = browser.Cookies[Cookie];
        var cookie = kind switch
        {
            "other letters" => $"NOVAID_SESSION={good}",
            "altered" => $"{Cookie}={good[..20]}{(good[20] == 'A' ? 'B' : 'A')}{good[21..]}",
            "cut" => $"{Cookie}={good[..^8]}",
            "another name" => $"ory_kratos_session={good}",
            _ => $"{Cookie}={person.Session.Token}",
        };

        await RefusedByGatewayAsync(Anonymous.With("Cookie", cookie), "GET", "/api/me", 401);
    }

    [Fact]
    public async Task A_session_cookie_is_no_session_token_and_no_access_token()
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());
        var cookie = browser.Cookies[Cookie];

        await RefusedByGatewayAsync(Anonymous.WithSessionToken(cookie), "GET", "/api/me", 401);
        await RefusedByGatewayAsync(Anonymous.WithBearer(cookie), "GET", "/api/me", 401);
        await RefusedByGatewayAsync(Anonymous.With("X-Session-Cookie", cookie), "GET", "/api/me", 401);
    }

    [Fact]
    public async Task A_cookie_kept_from_before_the_logout_opens_nothing()
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());
        var kept = Anonymous.With("Cookie", $"{Cookie}={browser.Cookies[Cookie]}");
        (await kept.GetAsync("/api/me")).Expect(200);

        var begun = (await browser.GetAsync($"{SelfService}/logout/browser")).Expect(200);
        (await browser.GetAsync(new Uri(begun["logout_url"].GetString()!).PathAndQuery)).Expect(303);

        await RefusedByGatewayAsync(kept, "GET", "/api/me", 401);
        (await kept.GetAsync(KratosFlows.WhoAmI)).Expect(401);
        (await kept.GetAsync($"{SelfService}/settings/browser")).Expect(401);
    }

    [Fact]
    public async Task A_session_token_kept_from_before_the_logout_opens_nothing()
    {
        var person = await NewPersonAsync();

        (await Kratos.LogoutAsync(person.Session.Token)).Expect(204);

        await RefusedByGatewayAsync(person.Caller, "GET", "/api/me", 401);
        (await person.Caller.GetAsync($"{SelfService}/settings/api")).Expect(401);
    }

    [Theory]
    [InlineData("revoked by the operator")]
    [InlineData("ended by the person")]
    [InlineData("ended by a superior")]
    [InlineData("deactivated")]
    [InlineData("deleted")]
    public async Task A_cookie_of_a_session_that_is_over_opens_nothing(string how)
    {
        var person = await NewPersonAsync();
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, person);
        var kept = Anonymous.With("Cookie", $"{Cookie}={browser.Cookies[Cookie]}");
        (await kept.GetAsync("/api/me")).Expect(200);

        switch (how)
        {
            case "revoked by the operator":
                await Operator.RevokeSessionsAsync(person.Id);
                break;
            case "ended by the person":
                (await person.Caller.DeleteAsync($"{KratosFlows.Root}/sessions")).Expect(200);
                break;
            case "ended by a superior":
                (await (await SharedPersonAsync("Major")).Caller.DeleteAsync($"/api/users/{person.Id}/sessions")).Expect(204);
                break;
            case "deactivated":
                await Operator.SetStateAsync(person.Id, "inactive");
                break;
            default:
                (await (await Operator.CallerAsync()).DeleteAsync($"/svc/kratos/admin/identities/{person.Id}")).Expect(204);
                break;
        }

        await RefusedByGatewayAsync(kept, "GET", "/api/me", 401);
        (await kept.GetAsync(KratosFlows.WhoAmI)).Expect(401);
    }

    [Fact]
    public async Task A_settings_flow_begun_before_the_session_ended_changes_nothing()
    {
        var person = await NewPersonAsync();
        var action = await Kratos.BeginAsync("settings", person.Caller);
        await Operator.RevokeSessionsAsync(person.Id);

        (await person.Caller.PostAsync(action, new { method = "password", password = KratosFlows.NewPassword() })).Expect(401);

        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task No_flow_leads_to_another_site(string kind, string target)
    {
        var (browser, person) = await BrowserForAsync(kind);
        if (kind == "logout")
        {
            await KratosFlows.LoginAsync(browser, person);
        }

        var query = $"{SelfService}/{kind}/browser?return_to={Uri.EscapeDataString(target)}";

        var begun = await browser.SendAsync(HttpMethod.Get, query, null, ("Accept", "application/json"));
        var location = await browser.GetAsync(query);

        Assert.Equal("self_service_flow_return_to_forbidden", begun.Expect(400)["error.id"].GetString());
        if (location.Headers.Location is { } next)
        {
            Assert.Equal(Zone.Gateway.Authority, new Uri(Zone.Gateway, next).Authority);
        }
    }

    [Theory]
    [InlineData("/\\evil.test/")]
    [InlineData("/%5cevil.test/")]
    [InlineData("/\t/evil.test/")]
    public async Task A_path_that_a_browser_might_read_as_a_host_leads_to_the_frontend(string target)
    {
        var (browser, person) = (NewBrowser(), await SharedPersonAsync());
        var page = await browser.FollowAsync($"{SelfService}/login/browser?return_to={Uri.EscapeDataString(target)}");
        Assert.Equal(Zone.Gateway.Authority, page.Authority);
        if (page.GetLeftPart(UriPartial.Path) == Pages.Error)
        {
            return;
        }

        var flow = await KratosFlows.FetchAsync("login", browser, Browser.Query(page, "flow"));
        var done = (await KratosFlows.SubmitLoginAsync(browser, flow, person.Email, person.Password)).Expect(303);

        Assert.StartsWith(new Uri(Zone.Gateway, "/").AbsoluteUri, done.Location.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_says_the_same_of_everyone_who_may_not_log_in()
    {
        var (person, inactive, email) = (await SharedPersonAsync(), await NewPersonAsync(), KratosFlows.NewEmail());
        await Operator.SetStateAsync(inactive.Id, "inactive");
        await Operator.CreateIdentityAsync(email);
        var shapes = new List<string>();
        foreach (var name in new[] { KratosFlows.NewEmail(), person.Email, inactive.Email, email, "nobody" })
        {
            var reply = Discreet(await Kratos.LoginAsync(name, KratosFlows.NewPassword())).Expect(400);
            shapes.Add(Shape(reply));
        }

        Assert.Single(shapes.Distinct());
    }

    [Fact]
    public async Task A_login_in_a_browser_says_the_same_of_everyone_who_may_not_log_in()
    {
        var person = await SharedPersonAsync();
        var shapes = new List<string>();
        foreach (var name in new[] { KratosFlows.NewEmail(), person.Email })
        {
            var browser = NewBrowser();
            var flow = await KratosFlows.BeginAsync("login", browser);
            var back = (await KratosFlows.SubmitLoginAsync(browser, flow, name, KratosFlows.NewPassword())).Expect(303);
            var page = await browser.GetAsync($"{SelfService}/login/flows?id={flow.Id}");
            shapes.Add($"{back.Location.AbsolutePath} {string.Join(',', browser.Cookies.Keys.Order())} {Shape(page)}");
        }

        Assert.Single(shapes.Distinct());
    }

    [Fact]
    public async Task A_person_is_not_found_by_the_sessions_of_another()
    {
        var (person, other) = (await NewPersonAsync(), await SharedPersonAsync("General"));

        var existing = await person.Caller.DeleteAsync($"{KratosFlows.Root}/sessions/{other.Session.Id}");
        var missing = await person.Caller.DeleteAsync($"{KratosFlows.Root}/sessions/{Guid.NewGuid()}");

        Assert.Equal(missing.Status, Discreet(existing).Status);
        (await Kratos.WhoAmIAsync(other.Session.Token)).Expect(200);
    }

    /// <summary>What an answer is made of, without what differs from flow to flow.</summary>
    private static string Shape(Reply reply)
    {
        var nodes = reply["ui.nodes"].EnumerateArray().Select(node => node.GetProperty("attributes"))
            .Select(attributes => attributes.TryGetProperty("name", out var name) ? name.GetString() : "");
        return $"{reply.Status} {string.Join(',', KratosFlows.Messages(reply.Json))} {string.Join(',', nodes)}";
    }

    /// <summary>A browser that may begin a flow: settings need a session, the others must have none.</summary>
    private async Task<(Browser Browser, Person Person)> BrowserForAsync(string kind)
    {
        var (browser, person) = (NewBrowser(), await NewPersonAsync());
        if (kind == "settings")
        {
            await KratosFlows.LoginAsync(browser, person);
        }

        return (browser, person);
    }

    private static FormUrlEncodedContent FormOf(string kind, string? token, Person person, string email)
    {
        (string Name, string Value)[] csrf = token is null ? [] : [("csrf_token", token)];
        return kind switch
        {
            "login" => OAuth2Flows.Form([("method", "password"), ("identifier", person.Email), ("password", person.Password), .. csrf]),
            "registration" => OAuth2Flows.Form([("method", "password"), ("traits.email", email), ("password", KratosFlows.NewPassword()), .. csrf]),
            _ => OAuth2Flows.Form([("method", "profile"), ("traits.email", email), .. csrf]),
        };
    }

    /// <summary>Fails if the browser is logged in, somebody registered, or an address was changed.</summary>
    private async Task NothingHappenedAsync(string kind, Browser browser, Person person, string email)
    {
        if (kind == "settings")
        {
            var whoAmI = (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200);
            Assert.Equal(person.Email, whoAmI["identity.traits.email"].GetString());
        }
        else
        {
            (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(401);
        }

        var found = await (await Operator.CallerAsync()).GetAsync($"/svc/kratos/admin/identities?credentials_identifier={Uri.EscapeDataString(email)}");
        Assert.Empty(found.Expect(200).Json.EnumerateArray());
    }
}
