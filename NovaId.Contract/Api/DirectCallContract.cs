namespace NovaId.Contract.Api;

/// <summary>Straight to the API, past the gateway: nothing that anybody can make up counts.</summary>
public abstract class DirectCallContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task Whoever_comes_straight_is_nobody() => (await Direct.GetAsync("/api/me")).ExpectProblem(401);

    [Theory]
    [InlineData("X-User")]
    [InlineData("X-User-Id")]
    [InlineData("X-User-Email")]
    [InlineData("X-Forwarded-User")]
    [InlineData("X-Orig-Authorization")]
    [InlineData("X-Session-Token")]
    [InlineData("Authorization")]
    public async Task A_header_proves_nothing(string header)
    {
        var general = await SharedPersonAsync("General");

        (await Direct.With(header, general.Id).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task What_the_gateway_takes_the_API_does_not()
    {
        var general = await SharedPersonAsync("General");

        (await Direct.WithSessionToken(general.Session.Token).GetAsync("/api/me")).ExpectProblem(401);
        var token = await Tools.UserTokenAsync();
        (await Direct.WithBearer(token).GetAsync("/api/me")).ExpectProblem(401);
        (await Direct.WithBearer(token).With("X-Orig-Authorization", $"Bearer {token}").GetAsync("/api/me")).ExpectProblem(401);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("ES256")]
    [InlineData("HS256")]
    [InlineData("RS256")]
    public async Task An_id_token_that_the_gateway_did_not_sign_proves_nothing(string algorithm)
    {
        var forged = Jwt.Forge(await GeneralClaimsAsync(), algorithm, await KeyIdAsync());

        (await Direct.WithBearer(forged).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task An_id_token_signed_with_a_key_of_its_own_proves_nothing()
    {
        var forged = Jwt.Forge(await GeneralClaimsAsync(), "ES256", Guid.NewGuid().ToString());

        (await Direct.WithBearer(forged).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task An_ID_token_of_Hydra_proves_nothing()
    {
        var tokens = await AuthorizeAsync(await Operator.CreateClientAsync(), await SharedPersonAsync("General"));

        (await Direct.WithBearer(tokens.Id!).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task An_id_token_that_was_changed_proves_nothing()
    {
        var (genuine, general) = (await IdTokenAsync((await SharedPersonAsync()).Caller), await SharedPersonAsync("General"));
        var forged = Jwt.Forge(new Dictionary<string, object>(await GeneralClaimsAsync()) { ["sub"] = general.Id }, "none", await KeyIdAsync());

        // The payload of one, the header and the signature of the other.
        var changed = $"{genuine.Split('.')[0]}.{forged.Split('.')[1]}.{genuine.Split('.')[2]}";

        (await Direct.WithBearer(changed).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_genuine_id_token_counts_for_nobody_who_was_deactivated_since()
    {
        var person = await NewPersonAsync();
        var idToken = await IdTokenAsync(person.Caller);
        (await Direct.WithBearer(idToken).GetAsync("/api/me")).Expect(200);

        await Operator.SetStateAsync(person.Id, "inactive");

        (await Direct.WithBearer(idToken).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_genuine_id_token_counts_no_more_once_its_session_was_logged_out()
    {
        var person = await NewPersonAsync();
        var idToken = await ReplayedAsync(person.Caller);

        (await Kratos.LogoutAsync(person.Session.Token)).Expect(204);

        (await idToken.GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_genuine_id_token_of_a_browser_counts_no_more_once_its_session_was_logged_out()
    {
        var (person, browser) = (await NewPersonAsync(), NewBrowser());
        await KratosFlows.LoginAsync(browser, person);
        var idToken = await ReplayedAsync(Anonymous.With("Cookie", $"novaid_session={browser.Cookies["novaid_session"]}"));

        var logout = (await browser.GetAsync($"{KratosFlows.Root}/self-service/logout/browser")).Expect(200);
        (await browser.GetAsync(new Uri(logout["logout_url"].GetString()!).PathAndQuery)).Expect(303);

        (await idToken.GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_genuine_id_token_counts_no_more_once_its_session_was_ended_from_another()
    {
        var person = await NewPersonAsync();
        var idToken = await ReplayedAsync(person.Caller);
        var other = await Kratos.LoginAsync(person);

        (await Anonymous.WithSessionToken(other.Token).DeleteAsync($"{KratosFlows.Root}/sessions/{person.Session.Id}")).Expect(204);

        (await idToken.GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_genuine_id_token_counts_no_more_once_an_officer_ended_its_session()
    {
        var person = await NewPersonAsync("Captain");
        var idToken = await ReplayedAsync(person.Caller);

        (await (await SharedPersonAsync("Major")).Caller.DeleteAsync($"/api/users/{person.Id}/sessions")).Expect(204);

        (await idToken.GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_genuine_id_token_counts_no_more_once_its_session_ran_out()
    {
        Assert.SkipUnless(Zone.CanExpireSessions, $"No session can be made to run out on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        var idToken = await ReplayedAsync(person.Caller);

        await Zone.ExpireSessionAsync(person.Session.Id, TestContext.Current.CancellationToken);

        (await idToken.GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_genuine_id_token_is_not_brought_back_by_logging_in_again()
    {
        var person = await NewPersonAsync();
        var idToken = await ReplayedAsync(person.Caller);
        (await Kratos.LogoutAsync(person.Session.Token)).Expect(204);

        var session = await Kratos.LoginAsync(person);

        (await idToken.GetAsync("/api/me")).ExpectProblem(401);
        (await Anonymous.WithSessionToken(session.Token).GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task A_genuine_id_token_of_an_app_counts_only_with_the_token_it_was_made_from()
    {
        var client = await Operator.CreateClientAsync();
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");
        var idToken = Direct.WithBearer(await IdTokenAsync(Anonymous.WithBearer(token)));
        (await idToken.With("X-Orig-Authorization", $"Bearer {token}").GetAsync("/api/me")).Expect(200);

        (await idToken.GetAsync("/api/me")).ExpectProblem(401);
        (await idToken.With("X-Orig-Authorization", $"Bearer {await Tools.UserTokenAsync()}").GetAsync("/api/me")).ExpectProblem(401);
        await OAuth2.RevokeAsync(client, token);
        (await idToken.With("X-Orig-Authorization", $"Bearer {token}").GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task What_is_for_everyone_is_so_here_too() => (await Direct.GetAsync("/api/health")).Expect(200);

    private Caller Direct
    {
        get
        {
            Assert.SkipWhen(Zone.Api is null, $"The API is out of reach past the gateway on this zone ({Zone.Kind}).");
            return Tools.Direct(Zone.Api);
        }
    }

    /// <summary>Whoever captured the caller's id_token, and shows it to the API while it is good.</summary>
    private async Task<Caller> ReplayedAsync(Caller caller)
    {
        var replayed = Direct.WithBearer(await IdTokenAsync(caller));
        (await replayed.GetAsync("/api/me")).Expect(200);
        return replayed;
    }

    private async Task<string> IdTokenAsync(Caller caller)
    {
        Assert.SkipWhen(Zone.Upstream is null, $"Nothing stands between the gateway and the API on this zone ({Zone.Kind}).");
        var marker = Guid.NewGuid().ToString();
        (await caller.With(IUpstreamRecorder.MarkerHeader, marker).GetAsync("/api/me")).Expect(200);
        return Assert.Single(Zone.Upstream.Find(marker)).Headers["Authorization"]["Bearer ".Length..];
    }

    private async Task<string> KeyIdAsync() =>
        (await Anonymous.GetAsync("/gw/.well-known/jwks.json")).Expect(200)["keys"][0].GetProperty("kid").GetString()!;
}
