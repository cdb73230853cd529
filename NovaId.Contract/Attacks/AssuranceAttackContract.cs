namespace NovaId.Contract.Attacks;

/// <summary>Attacks on the strength of a login: what is old, weak or made up does not pass for what is fresh and strong.</summary>
public abstract class AssuranceAttackContract(IZone zone) : AttackContract(zone)
{
    private static readonly TimeSpan TooOld = TimeSpan.FromMinutes(16);

    [Fact]
    public async Task A_stolen_session_of_this_morning_changes_nobody()
    {
        var (general, victim) = (await NewPersonAsync("General"), await NewPersonAsync("Captain"));
        var stolen = await StolenAsync(general);

        await RefusedByApiAsync(stolen, "PUT", $"/api/users/{victim.Id}/rank", 403, new { rank = "Private" }, general.Id);
        await RefusedByApiAsync(stolen, "PATCH", $"/api/users/{victim.Id}", 403, new { state = "inactive" }, general.Id);
        await RefusedByApiAsync(stolen, "DELETE", $"/api/users/{victim.Id}/sessions", 403, null, general.Id);
        await RefusedByApiAsync(stolen, "POST", $"/api/users/{victim.Id}/recovery", 403, null, general.Id);
        await RefusedByApiAsync(stolen, "DELETE", $"/api/users/{victim.Id}/second-factor", 403, null, general.Id);

        Assert.Equal(["Captain"], await Operator.RanksAsync(victim.Id));
        (await victim.Caller.GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task A_stolen_session_of_this_morning_neither_ends_an_account_nor_carries_it_off_nor_leaves_itself_a_key()
    {
        var general = await NewPersonAsync("General");
        var stolen = await StolenAsync(general);

        await RefusedByApiAsync(stolen, "DELETE", "/api/me", 403, null, general.Id);
        await RefusedByApiAsync(stolen, "GET", "/api/me/export", 403, null, general.Id);
        await RefusedByApiAsync(stolen, "POST", "/api/keys", 403, new { name = "a", scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() }, general.Id);

        (await general.Caller.GetAsync("/api/me")).Expect(200);
        Assert.Equal(0, await Operator.ClientsOfAsync(general.Id));
    }

    [Fact]
    public async Task The_owner_s_fresh_login_makes_a_stolen_session_no_fresher()
    {
        var (general, victim) = (await NewPersonAsync("General"), await NewPersonAsync());
        var stolen = await StolenAsync(general);

        await KratosFlows.RefreshAsync(general, general.Caller);
        await Kratos.LoginAsync(general);

        await RefusedByApiAsync(stolen, "PUT", $"/api/users/{victim.Id}/rank", 403, new { rank = "Private" }, general.Id);
    }

    [Fact]
    public async Task A_stolen_session_ends_no_session_of_somebody_else()
    {
        var (person, victim) = (await NewPersonAsync("General"), await NewPersonAsync());

        await RefusedForItsContentAsync(person.Caller, "DELETE", $"/api/me/sessions/{victim.Session.Id}", 404, null, person.Id);

        (await victim.Caller.GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task A_captured_id_token_of_an_old_session_is_as_old_as_the_session()
    {
        var (general, victim) = (await NewPersonAsync("General"), await NewPersonAsync());
        var captured = Direct.With("Authorization", $"Bearer {await IdTokenAsync(general.Caller)}");
        (await captured.PutAsync($"/api/users/{victim.Id}/rank", new { rank = "Private" })).Expect(200);

        await AgeAsync(general.Session);

        await RefusedByApiAsync(captured, "PUT", $"/api/users/{victim.Id}/rank", 403, new { rank = "Corporal" }, general.Id);
        Assert.Equal(["Private"], await Operator.RanksAsync(victim.Id));
    }

    /// <summary>What an app might say of the login in its request.</summary>
    public static TheoryData<string, string> Claims { get; } = new()
    {
        { "acr_values", "aal2" },
        { "max_age", "0" },
        { "auth_time", "4102444800" },
        { "acr", "aal2" },
        { "claims", """{"id_token":{"acr":{"essential":true,"values":["aal2"]}}}""" },
        { "ext", """{"acr":"aal2","auth_time":4102444800}""" },
        { "session", """{"access_token":{"acr":"aal2","auth_time":4102444800}}""" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task What_an_app_says_of_the_login_is_worth_nothing(string parameter, string value)
    {
        var (app, general, victim) = (await Operator.CreateClientAsync(), await NewPersonAsync("General"), await NewPersonAsync());
        var flow = NewFlow(app);
        flow.Parameters[parameter] = value;
        var token = (await flow.RedeemAsync(await flow.GrantAsync(general.Id))).Access;

        await RefusedByApiAsync(
            Anonymous.WithBearer(token), "PUT", $"/api/users/{victim.Id}/rank", 403, new { rank = "Private" }, general.Id);
    }

    [Theory]
    [InlineData("aal2", -960)]
    [InlineData("aal1", -960)]
    [InlineData("aal2", 3600)]
    [InlineData("aal9", -10)]
    [InlineData("", -10)]
    public async Task A_token_of_an_old_or_impossible_login_changes_nobody(string level, int offset)
    {
        var (app, general, victim) = (await Operator.CreateClientAsync(), await NewPersonAsync("General"), await NewPersonAsync());
        var flow = NewFlow(app);
        flow.Recorded = new { acr = level, auth_time = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offset };
        var token = (await flow.RedeemAsync(await flow.GrantAsync(general.Id))).Access;

        await RefusedByApiAsync(
            Anonymous.WithBearer(token), "PUT", $"/api/users/{victim.Id}/rank", 403, new { rank = "Private" }, general.Id);
        Assert.Empty(await Operator.RanksAsync(victim.Id));
    }

    [Fact]
    public async Task A_program_with_every_capability_has_no_login_and_changes_nobody()
    {
        var (client, victim) = (await Operator.CreateClientAsync(), await NewPersonAsync());
        var subject = $"client:{client.Id}";
        await Operator.SetRankAsync(subject, "General");
        var program = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.write"));

        await RefusedByApiAsync(program, "PUT", $"/api/users/{victim.Id}/rank", 403, new { rank = "Private" }, subject);
        await RefusedByApiAsync(program, "POST", $"/api/users/{victim.Id}/recovery", 403, null, subject);
        await RefusedByApiAsync(program, "DELETE", $"/api/keys/key-{victim.Id}-0123456789abcdef", 403, null, subject);
    }

    [Theory]
    [InlineData("GET", "/api/me/sessions")]
    [InlineData("DELETE", "/api/me/sessions")]
    [InlineData("GET", "/api/me/apps")]
    [InlineData("DELETE", "/api/me/apps/SELF")]
    [InlineData("GET", "/api/me/export")]
    [InlineData("DELETE", "/api/me")]
    public async Task An_app_with_all_that_a_person_can_give_it_does_not_reach_their_account(string method, string target)
    {
        var (app, person) = (await Operator.CreateClientAsync(), await NewPersonAsync());
        var token = (await AuthorizeAsync(app, person)).Access;

        await RefusedByApiAsync(
            Anonymous.WithBearer(token), method, target.Replace("SELF", app.Id, StringComparison.Ordinal), 403, null, person.Id);
        Assert.Equal(1, await Operator.ConsentsAsync(person.Id));
        (await person.Caller.GetAsync("/api/me")).Expect(200);
    }

    private async Task<Caller> StolenAsync(Person person)
    {
        var session = await Kratos.LoginAsync(person);
        await AgeAsync(session);
        return Anonymous.WithSessionToken(session.Token);
    }

    private async Task AgeAsync(Session session)
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"Time cannot be moved on this zone ({Zone.Kind}).");
        await Zone.AgeSessionAsync(session.Id, TooOld, TestContext.Current.CancellationToken);
    }
}
