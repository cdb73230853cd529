namespace NovaId.Contract.OAuth2;

/// <summary>OAuth2 tokens at the API: which of them count, and for what.</summary>
public abstract class TokenUseContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_token_that_a_person_granted_acts_for_that_person()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync("Captain"));
        var tokens = await AuthorizeAsync(client, person);

        var me = (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).Expect(200);

        Assert.Equal("person", me["kind"].GetString());
        Assert.Equal(person.Id, me["id"].GetString());
        Assert.Equal("Captain", me["rank"].GetString());
        Assert.Equal("oauth2", me["authentication.method"].GetString());
        Assert.Equal(client.Id, me["authentication.clientId"].GetString());
        Assert.Contains("novaid.read", me.Strings("scopes"));
    }

    [Fact]
    public async Task A_token_of_its_own_makes_a_client_a_subject_of_its_own()
    {
        var client = await Operator.CreateClientAsync();

        var me = (await CallAsync(client, "novaid.read")).Expect(200);

        Assert.Equal("client", me["kind"].GetString());
        Assert.Equal(client.Id, me["id"].GetString());
        Assert.Equal("oauth2", me["authentication.method"].GetString());
    }

    [Fact]
    public async Task A_token_for_another_audience_is_refused()
    {
        var client = await Operator.CreateClientAsync(audience: "somebody-else");
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read", "somebody-else");

        InvalidToken(await Anonymous.WithBearer(token).GetAsync("/api/me"));
    }

    [Fact]
    public async Task A_token_for_no_audience_is_refused()
    {
        var client = await Operator.CreateClientAsync();
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read", audience: null);

        InvalidToken(await Anonymous.WithBearer(token).GetAsync("/api/me"));
    }

    [Fact]
    public async Task A_service_token_of_the_gateway_is_refused() =>
        InvalidToken(await (await Operator.CallerAsync()).GetAsync("/api/me"));

    [Fact]
    public async Task A_token_without_the_scope_is_refused()
    {
        var client = await Operator.CreateClientAsync(scope: "openid novaid.read");

        InsufficientScope(await CallAsync(client, "openid"));
    }

    [Theory]
    [InlineData("POST", "/api/documents", """{"title":"x","content":"x"}""")]
    [InlineData("POST", "/api/checks", """{"checks":[{"namespace":"Rank","object":"Private","relation":"atLeast"}]}""")]
    [InlineData("POST", "/api/keys", """{"name":"x","scopes":["novaid.read"],"capabilities":[]}""")]
    [InlineData("PUT", "/api/documents/00000000-0000-4000-8000-000000000000", """{"title":"x","content":"x"}""")]
    [InlineData("DELETE", "/api/documents/00000000-0000-4000-8000-000000000000", null)]
    [InlineData("PUT", "/api/users/00000000-0000-4000-8000-000000000000/rank", """{"rank":"Private"}""")]
    [InlineData("PATCH", "/api/users/00000000-0000-4000-8000-000000000000", """{"state":"inactive"}""")]
    public async Task A_token_that_may_read_writes_nothing(string method, string target, string? content)
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync("General"));
        var tokens = await AuthorizeAsync(client, person, "novaid.read");
        using var json = content is null ? null : new StringContent(content, System.Text.Encoding.UTF8, "application/json");

        InsufficientScope(await Anonymous.WithBearer(tokens.Access).SendAsync(HttpMethod.Parse(method), target, json));
    }

    [Fact]
    public async Task A_token_that_may_write_reads_nothing()
    {
        var client = await Operator.CreateClientAsync();

        InsufficientScope(await CallAsync(client, "novaid.write"));
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_refused_at_once()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);
        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).Expect(200);

        (await OAuth2.RevokeAsync(client, tokens.Access)).Expect(200);

        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var client = await Operator.CreateClientAsync();
        await Operator.SetLifespansAsync(client.Id, ("client_credentials_grant_access_token_lifespan", "1s"));
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");

        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        (await Anonymous.WithBearer(token).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_token_that_a_person_granted_ends_with_its_time()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        await Operator.SetLifespansAsync(client.Id, ("authorization_code_grant_access_token_lifespan", "1s"));
        var tokens = await AuthorizeAsync(client, person);

        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_refresh_token_is_no_access_token()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        (await Anonymous.WithBearer(tokens.Refresh!).GetAsync("/api/me")).ExpectByGateway(403);
    }

    [Fact]
    public async Task An_ID_token_is_no_access_token()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        (await Anonymous.WithBearer(tokens.Id!).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task An_authorization_code_is_no_access_token()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var code = flow.Code(await flow.GrantAsync(person.Id));

        (await Anonymous.WithBearer(code).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_token_of_a_client_that_was_deleted_is_refused()
    {
        var client = await Operator.CreateClientAsync();
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");
        (await Anonymous.WithBearer(token).GetAsync("/api/me")).Expect(200);

        await Operator.DeleteClientAsync(client.Id);

        (await Anonymous.WithBearer(token).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_token_of_an_inactive_person_is_refused_although_it_lives()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await NewPersonAsync());
        var tokens = await AuthorizeAsync(client, person);
        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).Expect(200);

        await Operator.SetStateAsync(person.Id, "inactive");

        Assert.True((await Operator.IntrospectAsync(tokens.Access))["active"].GetBoolean());
        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_token_of_a_person_who_was_deleted_is_refused()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await NewPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        (await (await Operator.CallerAsync()).DeleteAsync($"/svc/kratos/admin/identities/{person.Id}")).Expect(204);

        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).ExpectProblem(401);
    }

    [Fact]
    public async Task A_scope_gives_no_permission()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync("Private"));
        var tokens = await AuthorizeAsync(client, person);

        var refused = (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/users")).ExpectProblem(403);

        Assert.Equal("capability users.view", refused["required"].GetString());
    }

    [Fact]
    public async Task A_person_does_by_an_app_what_they_may_do_themselves()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync("Sergeant"));
        var tokens = await AuthorizeAsync(client, person);

        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/users?pageSize=1")).Expect(200);
    }

    [Fact]
    public async Task A_client_holds_a_capability_that_was_granted_to_it()
    {
        var client = await Operator.CreateClientAsync();
        var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read"));
        (await caller.GetAsync("/api/users?pageSize=1")).ExpectProblem(403);

        await Operator.GrantAsync($"client:{client.Id}", "users.view");

        (await caller.GetAsync("/api/users?pageSize=1")).Expect(200);
    }

    [Fact]
    public async Task A_client_named_like_a_person_is_not_that_person()
    {
        var person = await NewPersonAsync("General");
        var client = await Operator.CreateClientAsync(id: person.Id);

        var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read"));

        Assert.Equal("client", (await caller.GetAsync("/api/me")).Expect(200)["kind"].GetString());
        (await caller.GetAsync("/api/users")).ExpectProblem(403);
    }

    private async Task<Reply> CallAsync(OAuth2Client client, string scope) =>
        await Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, scope)).GetAsync("/api/me");

    private static void InvalidToken(Reply reply)
    {
        reply.ExpectProblem(401);
        Assert.Contains("invalid_token", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static void InsufficientScope(Reply reply)
    {
        reply.ExpectProblem(403);
        Assert.Contains("insufficient_scope", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }
}
