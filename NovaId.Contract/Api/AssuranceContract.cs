using NovaId.Contract.Factors;

namespace NovaId.Contract.Api;

/// <summary>What changes other people or rights takes a login of the last minutes, and the way to one is told.</summary>
public abstract class AssuranceContract(IZone zone) : FactorContract(zone)
{
    private static readonly TimeSpan TooOld = TimeSpan.FromMinutes(16);

    /// <summary>Every endpoint that asks for it, with a person without a rank in the place of OTHER.</summary>
    public static TheoryData<string, string, string?> Endpoints { get; } = new()
    {
        { "PUT", "/api/users/OTHER/rank", """{"rank":"Private"}""" },
        { "PATCH", "/api/users/OTHER", """{"state":"inactive"}""" },
        { "DELETE", "/api/users/OTHER/sessions", null },
        { "POST", "/api/users/OTHER/recovery", null },
        { "DELETE", "/api/users/OTHER/second-factor", null },
        { "POST", "/api/keys", """{"name":"a","scopes":["novaid.read"],"capabilities":[]}""" },
        { "DELETE", "/api/keys/key-OTHER-0123456789abcdef", null },
        { "GET", "/api/me/export", null },
        { "DELETE", "/api/me", null },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_login_that_is_too_old_is_refused_with_the_way_and_changes_nothing(string method, string target, string? content)
    {
        var (general, other) = (await NewPersonAsync("General"), await NewPersonAsync());
        await AgeAsync(general.Session, TooOld);

        var reply = (await SendAsync(general.Caller, method, target, content, other)).ExpectProblem(403);

        Assert.Equal("urn:novaid:problem:insufficient-assurance", reply["type"].GetString());
        Assert.Equal(["recentLogin"], reply.Strings("assurance.missing"));
        Assert.Equal("aal1", reply["assurance.requiredLevel"].GetString());
        Assert.Equal(900, reply["assurance.maximumAge"].GetInt32());
        Assert.EndsWith("/.ory/kratos/public/self-service/login/browser?refresh=true", reply["assurance.stepUp"].GetString(), StringComparison.Ordinal);
        Assert.Empty(await Operator.RanksAsync(other.Id));
        (await other.Caller.GetAsync("/api/me")).Expect(200);
        (await general.Caller.GetAsync("/api/me")).Expect(200);
        Assert.Empty((await general.Caller.GetAsync("/api/keys")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task A_session_that_was_renewed_is_enough_and_an_old_one_beside_it_is_not()
    {
        var (general, other) = (await NewPersonAsync("General"), await NewPersonAsync());
        var beside = Anonymous.WithSessionToken((await LoginAgainAsync(general, TooOld)).Token);
        await AgeAsync(general.Session, TooOld);
        (await RankAsync(general.Caller, other, "Private")).ExpectProblem(403);

        await KratosFlows.RefreshAsync(general, general.Caller);

        (await RankAsync(general.Caller, other, "Private")).Expect(200);
        (await RankAsync(beside, other, "Corporal")).ExpectProblem(403);
        Assert.Equal(["Private"], await Operator.RanksAsync(other.Id));
    }

    [Fact]
    public async Task The_way_leads_a_browser_to_a_login_that_renews_its_session()
    {
        var (general, other) = (await NewPersonAsync("General"), await NewPersonAsync());
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, general);
        var session = (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200);
        await AgeAsync(new(session["id"].GetString()!, ""), TooOld);
        var refused = (await RankAsync(browser, other, "Private")).ExpectProblem(403);
        Assert.Equal(Zone.Gateway.Authority, new Uri(refused["assurance.stepUp"].GetString()!).Authority);

        var page = await browser.FollowAsync(new Uri(refused["assurance.stepUp"].GetString()!).PathAndQuery);
        var flow = await KratosFlows.FetchAsync("login", browser, Browser.Query(page, "flow"));
        await browser.FollowAsync(await KratosFlows.SubmitLoginAsync(browser, flow, general.Email, general.Password));

        (await RankAsync(browser, other, "Private")).Expect(200);
        Assert.Equal(session["id"].GetString(), (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200)["id"].GetString());
    }

    [Fact]
    public async Task A_token_is_worth_the_login_that_consent_recorded_in_it()
    {
        var (app, general, other) = (await Operator.CreateClientAsync(), await NewPersonAsync("General"), await NewPersonAsync());
        var tokens = await AuthorizeAsync(app, general);

        (await RankAsync(Anonymous.WithBearer(tokens.Access), other, "Private")).Expect(200);

        // A new token of the same login is no newer login.
        var refreshed = OAuth2Flows.Tokens(await OAuth2.RefreshAsync(app, tokens.Refresh!));
        var before = (await Operator.IntrospectAsync(tokens.Refresh!)).Json;
        Assert.False(before.GetProperty("active").GetBoolean());
        var recorded = (await Operator.IntrospectAsync(refreshed.Access))["ext"];
        Assert.Equal("aal1", recorded.GetProperty("acr").GetString());
        Assert.Equal(
            (await general.Caller.GetAsync(KratosFlows.WhoAmI)).Expect(200)["authenticated_at"].GetDateTimeOffset().ToUnixTimeSeconds(),
            recorded.GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task A_token_without_a_record_of_the_login_is_refused_and_its_app_told_how_to_go_on()
    {
        var (app, general, other) = (await Operator.CreateClientAsync(), await NewPersonAsync("General"), await NewPersonAsync());
        var flow = NewFlow(app);
        var token = (await flow.RedeemAsync(await flow.GrantAsync(general.Id))).Access;

        var reply = (await RankAsync(Anonymous.WithBearer(token), other, "Private")).ExpectProblem(403);

        Assert.Equal("urn:novaid:problem:insufficient-assurance", reply["type"].GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, reply["assurance.level"].ValueKind);
        Assert.Contains("insufficient_user_authentication", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        (await Anonymous.WithBearer(token).GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task An_API_key_never_has_it()
    {
        var (general, other) = (await NewPersonAsync("General"), await NewPersonAsync());
        var made = (await general.Caller.PostAsync(
            "/api/keys", new { name = "Ranks", scopes = new[] { "novaid.write" }, capabilities = new[] { "ranks.assign" } })).Expect(201);
        var token = await OAuth2.AccessTokenAsync(new(made["id"].GetString()!, made["clientSecret"].GetString()!), "novaid.write");

        var reply = (await RankAsync(Anonymous.WithBearer(token), other, "Private")).ExpectProblem(403);

        Assert.False(reply["assurance.canStepUp"].GetBoolean());
        Assert.Empty(await Operator.RanksAsync(other.Id));
        (await general.Caller.DeleteAsync($"/api/keys/{made["id"].GetString()}")).Expect(204);
    }

    [Fact]
    public async Task What_is_one_s_own_asks_for_no_recent_login()
    {
        var person = await NewPersonAsync();
        var made = (await person.Caller.PostAsync("/api/keys", new { name = "Own", scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() })).Expect(201);
        await AgeAsync(person.Session, TooOld);

        (await person.Caller.GetAsync("/api/me")).Expect(200);
        (await person.Caller.GetAsync("/api/me/sessions")).Expect(200);
        (await person.Caller.GetAsync("/api/me/apps")).Expect(200);
        await Operator.CreateDocumentAsync(person.Caller);
        (await person.Caller.DeleteAsync($"/api/keys/{made["id"].GetString()}")).Expect(204);
        (await person.Caller.DeleteAsync("/api/me/sessions")).Expect(204);
    }

    [Fact]
    public async Task A_token_from_before_a_factor_was_set_up_is_led_to_it_and_stays_refused_beside_the_stronger_one()
    {
        var (app, general, other) = (await Operator.CreateClientAsync(), await NewPersonAsync("General"), await NewPersonAsync());
        var weak = Anonymous.WithBearer((await AuthorizeAsync(app, general)).Access);
        (await RankAsync(weak, other, "Private")).Expect(200);
        var authenticator = await SetUpAppAsync(general);

        var refused = (await RankAsync(weak, other, "Corporal")).ExpectProblem(403);

        Assert.Equal(["secondFactor"], refused.Strings("assurance.missing"));
        Assert.Equal("aal2", refused["assurance.requiredLevel"].GetString());
        Assert.EndsWith(WayToTheSecondFactor, refused["assurance.stepUp"].GetString(), StringComparison.Ordinal);
        Assert.Contains("acr_values=\"aal2\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

        var session = await Kratos.LoginAsync(general);
        (await StepUpAsync(session.Token, new { method = "totp", totp_code = authenticator.Code })).Expect(200);
        var strong = general with { Session = session, Caller = Anonymous.WithSessionToken(session.Token) };
        var token = (await AuthorizeAsync(app, strong)).Access;

        (await RankAsync(Anonymous.WithBearer(token), other, "Corporal")).Expect(200);
        (await RankAsync(weak, other, "Sergeant")).ExpectProblem(403);
        Assert.Equal(["Corporal"], await Operator.RanksAsync(other.Id));
    }

    [Fact]
    public async Task A_session_from_before_a_factor_was_set_up_counts_again_once_it_has_used_it()
    {
        var (general, other) = (await NewPersonAsync("General"), await NewPersonAsync());
        var (older, beside) = (await Kratos.LoginAsync(general), await Kratos.LoginAsync(general));
        var authenticator = await SetUpAppAsync(general);
        (await RankAsync(general.Caller, other, "Private")).Expect(200);
        (await RankAsync(Anonymous.WithSessionToken(older.Token), other, "Corporal")).ExpectByGateway(401);

        (await StepUpAsync(older.Token, new { method = "totp", totp_code = authenticator.Code })).Expect(200);

        (await RankAsync(Anonymous.WithSessionToken(older.Token), other, "Corporal")).Expect(200);
        (await RankAsync(Anonymous.WithSessionToken(beside.Token), other, "Sergeant")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_captured_id_token_from_before_a_factor_was_set_up_is_refused_with_the_way()
    {
        Assert.SkipWhen(Zone.Api is null, $"The API is out of reach past the gateway on this zone ({Zone.Kind}).");
        Assert.SkipWhen(Zone.Upstream is null, $"Nothing stands between the gateway and the API on this zone ({Zone.Kind}).");
        var (general, other) = (await NewPersonAsync("General"), await NewPersonAsync());
        var (older, marker) = (Anonymous.WithSessionToken((await Kratos.LoginAsync(general)).Token), Guid.NewGuid().ToString());
        (await older.With(IUpstreamRecorder.MarkerHeader, marker).GetAsync("/api/me")).Expect(200);
        var captured = Tools.Direct(Zone.Api).With("Authorization", Assert.Single(Zone.Upstream.Find(marker)).Headers["Authorization"]);
        (await RankAsync(captured, other, "Private")).Expect(200);
        await SetUpAppAsync(general);

        var refused = (await RankAsync(captured, other, "Corporal")).ExpectProblem(403);

        Assert.Equal(["secondFactor"], refused.Strings("assurance.missing"));
        Assert.Equal("aal1", refused["assurance.level"].GetString());
        Assert.Equal(["Private"], await Operator.RanksAsync(other.Id));
    }

    [Fact]
    public async Task An_officer_takes_a_lost_second_factor_away_with_every_session()
    {
        var (person, major) = (await NewPersonAsync("Captain"), await SharedPersonAsync("Major"));
        await SetUpAppAsync(person);
        await SetUpLookupSecretsAsync(person);
        (await Anonymous.WithSessionToken((await Kratos.LoginAsync(person)).Token).GetAsync("/api/me")).ExpectByGateway(401);

        (await major.Caller.DeleteAsync($"/api/users/{person.Id}/second-factor")).Expect(204);

        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
        (await Anonymous.WithSessionToken((await Kratos.LoginAsync(person)).Token).GetAsync("/api/me")).Expect(200);
        var credentials = await CredentialsAsync(person);
        Assert.DoesNotContain("totp", credentials);
        Assert.DoesNotContain("lookup_secret", credentials);
        Assert.Contains("password", credentials);
        (await major.Caller.DeleteAsync($"/api/users/{person.Id}/second-factor")).Expect(204);
    }

    [Fact]
    public async Task An_officer_gives_out_a_code_that_lets_a_person_in_once()
    {
        var (person, major) = (await NewPersonAsync("Captain"), await SharedPersonAsync("Major"));

        var made = (await major.Caller.PostAsync($"/api/users/{person.Id}/recovery")).Expect(201);

        Assert.True(made["expiresAt"].GetDateTimeOffset() > DateTimeOffset.UtcNow);
        var flow = Browser.Query(new Uri(made["link"].GetString()!), "flow");
        var (browser, again) = (NewBrowser(), NewBrowser());
        (await SubmitAsync(browser)).Expect(303);
        Assert.Equal(person.Id, (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200)["identity.id"].GetString());
        await SubmitAsync(again);
        (await again.GetAsync(KratosFlows.WhoAmI)).Expect(401);

        Task<Reply> SubmitAsync(Browser page) => page.PostFormAsync(
            $"{KratosFlows.Root}/self-service/recovery?flow={flow}", ("method", "code"), ("code", made["code"].GetString()!));
    }

    private async Task<Session> LoginAgainAsync(Person person, TimeSpan age)
    {
        var session = await Kratos.LoginAsync(person);
        await AgeAsync(session, age);
        return session;
    }

    private async Task AgeAsync(Session session, TimeSpan age)
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"Time cannot be moved on this zone ({Zone.Kind}).");
        await Zone.AgeSessionAsync(session.Id, age, TestContext.Current.CancellationToken);
    }

    private static Task<Reply> RankAsync(Caller caller, Person person, string rank) => caller.PutAsync($"/api/users/{person.Id}/rank", new { rank });

    private static Task<Reply> RankAsync(Browser browser, Person person, string rank) =>
        browser.SendAsync(HttpMethod.Put, $"/api/users/{person.Id}/rank", System.Net.Http.Json.JsonContent.Create(new { rank }), ("Accept", "application/json"));

    private static async Task<Reply> SendAsync(Caller caller, string method, string target, string? content, Person other)
    {
        using var json = content is null ? null : new StringContent(content, System.Text.Encoding.UTF8, "application/json");
        return await caller.SendAsync(HttpMethod.Parse(method), target.Replace("OTHER", other.Id, StringComparison.Ordinal), json);
    }
}
