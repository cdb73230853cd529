namespace NovaId.Contract.OAuth2;

/// <summary>OpenID Connect: discovery, keys, ID tokens and the user info endpoint.</summary>
public abstract class OpenIdConnectContract(IZone zone) : ZoneContract(zone)
{
    private string Issuer => Zone.Gateway.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task The_gateway_is_the_issuer()
    {
        var discovery = (await Anonymous.GetAsync("/.well-known/openid-configuration")).Expect(200);

        Assert.Equal(Issuer, discovery["issuer"].GetString()!.TrimEnd('/'));
        Assert.Equal($"{Issuer}/oauth2/auth", discovery["authorization_endpoint"].GetString());
        Assert.Equal($"{Issuer}/oauth2/token", discovery["token_endpoint"].GetString());
        Assert.Equal($"{Issuer}/oauth2/revoke", discovery["revocation_endpoint"].GetString());
        Assert.Equal($"{Issuer}/userinfo", discovery["userinfo_endpoint"].GetString());
        Assert.Equal($"{Issuer}/.well-known/jwks.json", discovery["jwks_uri"].GetString());
        Assert.Contains("S256", discovery.Strings("code_challenge_methods_supported"));
        Assert.False(discovery.Json.TryGetProperty("registration_endpoint", out _));
    }

    [Fact]
    public async Task Only_public_keys_are_published()
    {
        var keys = (await Anonymous.GetAsync("/.well-known/jwks.json")).Expect(200)["keys"].EnumerateArray().ToList();

        Assert.NotEmpty(keys);
        Assert.All(keys, key =>
        {
            Assert.Equal("RSA", key.GetProperty("kty").GetString());
            Assert.All(["d", "p", "q", "dp", "dq", "qi", "k"], name => Assert.False(key.TryGetProperty(name, out _)));
        });
    }

    [Fact]
    public async Task An_ID_token_says_who_logged_in_and_for_which_app()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);

        var tokens = await flow.RedeemAsync(await flow.GrantAsync(person.Id));

        var idToken = new Jwt(tokens.Id!);
        Assert.True(idToken.IsSignedBy((await Anonymous.GetAsync("/.well-known/jwks.json")).Expect(200).Json));
        Assert.Equal("RS256", idToken.Header.GetProperty("alg").GetString());
        Assert.Equal(Issuer, idToken["iss"].TrimEnd('/'));
        Assert.Equal(person.Id, idToken["sub"]);
        Assert.Equal([client.Id], idToken.Claims.GetProperty("aud").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(flow.Parameters["nonce"], idToken["nonce"]);
        Assert.InRange(idToken.Time("exp"), DateTimeOffset.UtcNow.AddMinutes(8), DateTimeOffset.UtcNow.AddMinutes(11));
        Assert.True(idToken.Has("at_hash"));
        Assert.True(idToken.Has("auth_time"));
    }

    [Fact]
    public async Task An_ID_token_holds_nothing_that_was_not_granted()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());

        var tokens = await AuthorizeAsync(client, person, "openid");

        var idToken = new Jwt(tokens.Id!);
        Assert.False(idToken.Has("email"));
        Assert.False(idToken.Has("name"));
    }

    [Fact]
    public async Task The_user_info_is_that_of_the_person()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        var reply = (await Anonymous.WithBearer(tokens.Access).GetAsync("/userinfo")).Expect(200);

        Assert.Equal(person.Id, reply["sub"].GetString());
    }

    [Fact]
    public async Task The_user_info_needs_a_token() => (await Anonymous.GetAsync("/userinfo")).Expect(401);

    [Fact]
    public async Task The_user_info_refuses_a_refresh_token_and_an_ID_token()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);

        (await Anonymous.WithBearer(tokens.Refresh!).GetAsync("/userinfo")).Expect(401);
        (await Anonymous.WithBearer(tokens.Id!).GetAsync("/userinfo")).Expect(401);
    }

    [Fact]
    public async Task The_user_info_refuses_a_token_that_was_revoked()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person);
        (await OAuth2.RevokeAsync(client, tokens.Access)).Expect(200);

        (await Anonymous.WithBearer(tokens.Access).GetAsync("/userinfo")).Expect(401);
    }

    [Fact]
    public async Task A_client_cannot_register_itself() =>
        (await Anonymous.PostAsync("/oauth2/register", new { redirect_uris = new[] { OAuth2Client.RedirectUri } })).ExpectByGateway(404);

    [Fact]
    public async Task Tokens_are_introspected_on_no_open_route() =>
        (await Anonymous.PostAsync("/oauth2/introspect", OAuth2Flows.Form(("token", "x")))).ExpectByGateway(404);
}
