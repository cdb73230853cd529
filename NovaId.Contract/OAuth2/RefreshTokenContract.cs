namespace NovaId.Contract.OAuth2;

/// <summary>Refresh tokens (RFC 6749, section 6): each is good once.</summary>
public abstract class RefreshTokenContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_refresh_token_gives_new_tokens_for_the_same_person()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var first = await AuthorizeAsync(client, person);

        var second = OAuth2Flows.Tokens(await OAuth2.RefreshAsync(client, first.Refresh!));

        Assert.NotEqual(first.Access, second.Access);
        Assert.NotEqual(first.Refresh, second.Refresh);
        var token = await Operator.IntrospectAsync(second.Access);
        Assert.Equal(person.Id, token["sub"].GetString());
        Assert.Equal("openid offline_access novaid.read novaid.write", token["scope"].GetString());
        Assert.Equal(["novaid-api"], token.Strings("aud"));
    }

    [Fact]
    public async Task The_tokens_before_a_refresh_are_dead()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var first = await AuthorizeAsync(client, person);

        OAuth2Flows.Tokens(await OAuth2.RefreshAsync(client, first.Refresh!));

        Assert.False((await Operator.IntrospectAsync(first.Access))["active"].GetBoolean());
        Assert.False((await Operator.IntrospectAsync(first.Refresh!))["active"].GetBoolean());
    }

    [Fact]
    public async Task A_refresh_token_that_is_used_again_ends_the_whole_line()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var first = await AuthorizeAsync(client, person);
        var second = OAuth2Flows.Tokens(await OAuth2.RefreshAsync(client, first.Refresh!));

        var replay = await OAuth2.RefreshAsync(client, first.Refresh!);

        Assert.Equal("invalid_grant", replay.Expect(400)["error"].GetString());
        Assert.False((await Operator.IntrospectAsync(second.Access))["active"].GetBoolean());
        (await OAuth2.RefreshAsync(client, second.Refresh!)).Expect(400);
    }

    [Fact]
    public async Task A_refresh_token_belongs_to_one_app()
    {
        var (client, other, person) = (await Operator.CreateClientAsync(), await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        var reply = await OAuth2.RefreshAsync(other, tokens.Refresh!);

        Assert.Equal("invalid_grant", reply.Expect(400)["error"].GetString());
    }

    [Fact]
    public async Task A_refresh_token_gives_no_more_than_was_granted()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person, "offline_access", "novaid.read");

        var reply = await OAuth2.TokenAsync(
            client,
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens.Refresh!),
            ("scope", "offline_access novaid.read novaid.write"));

        var token = await Operator.IntrospectAsync(OAuth2Flows.Tokens(reply).Access);
        Assert.Equal("offline_access novaid.read", token["scope"].GetString());
    }

    [Fact]
    public async Task A_refresh_token_that_was_revoked_is_dead_and_so_is_its_access_token()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        (await OAuth2.RevokeAsync(client, tokens.Refresh!)).Expect(200);

        Assert.Equal("invalid_grant", (await OAuth2.RefreshAsync(client, tokens.Refresh!)).Expect(400)["error"].GetString());
        Assert.False((await Operator.IntrospectAsync(tokens.Access))["active"].GetBoolean());
    }

    [Fact]
    public async Task A_refresh_token_ends_with_its_time()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        await Operator.SetLifespansAsync(client.Id, ("authorization_code_grant_refresh_token_lifespan", "1s"));
        var tokens = await AuthorizeAsync(client, person);

        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        Assert.Equal("invalid_grant", (await OAuth2.RefreshAsync(client, tokens.Refresh!)).Expect(400)["error"].GetString());
    }

    [Fact]
    public async Task A_refresh_token_does_not_outlive_its_app()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        await Operator.DeleteClientAsync(client.Id);

        Assert.False((await Operator.IntrospectAsync(tokens.Refresh!))["active"].GetBoolean());
        (await OAuth2.RefreshAsync(client, tokens.Refresh!)).Expect(401);
    }

    [Fact]
    public async Task An_access_token_refreshes_nothing()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        Assert.Equal("invalid_grant", (await OAuth2.RefreshAsync(client, tokens.Access)).Expect(400)["error"].GetString());
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());

        Assert.Null((await AuthorizeAsync(client, person, "openid", "novaid.read")).Refresh);
    }
}
