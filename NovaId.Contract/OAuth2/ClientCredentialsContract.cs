namespace NovaId.Contract.OAuth2;

/// <summary>The client credentials grant (RFC 6749, section 4.4).</summary>
public abstract class ClientCredentialsContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_client_gets_an_opaque_bearer_token_for_ten_minutes()
    {
        var client = await Operator.CreateClientAsync();

        var reply = (await OAuth2.ClientCredentialsAsync(client, "novaid.read")).Expect(200);

        Assert.Equal("bearer", reply["token_type"].GetString());
        Assert.Equal("novaid.read", reply["scope"].GetString());
        Assert.InRange(reply["expires_in"].GetInt32(), 590, 600);
        Assert.StartsWith("ory_at_", reply["access_token"].GetString(), StringComparison.Ordinal);
        Assert.False(reply.Json.TryGetProperty("refresh_token", out _));
        Assert.Contains("no-store", reply.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_speaks_for_the_client_itself()
    {
        var client = await Operator.CreateClientAsync();

        var token = await Operator.IntrospectAsync(await OAuth2.AccessTokenAsync(client, "novaid.read novaid.write"));

        Assert.True(token["active"].GetBoolean());
        Assert.Equal(client.Id, token["sub"].GetString());
        Assert.Equal(client.Id, token["client_id"].GetString());
        Assert.Equal("novaid.read novaid.write", token["scope"].GetString());
        Assert.Equal(["novaid-api"], token.Strings("aud"));
        Assert.Equal("access_token", token["token_use"].GetString());
        Assert.Equal(Zone.Gateway.GetLeftPart(UriPartial.Authority), token["iss"].GetString()!.TrimEnd('/'));
    }

    [Fact]
    public async Task Scope_and_audience_that_were_not_asked_for_are_not_given()
    {
        var client = await Operator.CreateClientAsync();

        var reply = (await OAuth2.TokenAsync(client, ("grant_type", "client_credentials"))).Expect(200);

        var token = await Operator.IntrospectAsync(reply["access_token"].GetString()!);
        Assert.False(token.Json.TryGetProperty("scope", out var scope) && scope.GetString() is { Length: > 0 });
        Assert.False(token.Json.TryGetProperty("aud", out var audience) && audience.GetArrayLength() > 0);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        var client = await Operator.CreateClientAsync();

        Error(401, "invalid_client", await OAuth2.ClientCredentialsAsync(client with { Secret = "wrong" }, "novaid.read"));
    }

    [Fact]
    public async Task An_unknown_client_is_refused() =>
        Error(401, "invalid_client", await OAuth2.ClientCredentialsAsync(new($"contract-{Guid.NewGuid()}", "secret"), "novaid.read"));

    [Fact]
    public async Task A_client_that_shows_nothing_is_refused()
    {
        var form = OAuth2Flows.Form(("grant_type", "client_credentials"), ("scope", "novaid.read"));

        Error(400, "invalid_request", await Anonymous.PostAsync("/oauth2/token", form));
    }

    [Fact]
    public async Task A_secret_in_the_body_is_refused_where_the_client_uses_the_header()
    {
        var client = await Operator.CreateClientAsync();
        var form = OAuth2Flows.Form(("grant_type", "client_credentials"), ("client_id", client.Id), ("client_secret", client.Secret!));

        Error(401, "invalid_client", await Anonymous.PostAsync("/oauth2/token", form));
    }

    [Fact]
    public async Task A_scope_that_the_client_does_not_have_is_refused()
    {
        var client = await Operator.CreateClientAsync(scope: "novaid.read");

        Error(400, "invalid_scope", await OAuth2.ClientCredentialsAsync(client, "novaid.read novaid.write"));
    }

    [Fact]
    public async Task A_scope_of_the_admin_routes_is_refused()
    {
        var client = await Operator.CreateClientAsync();

        Error(400, "invalid_scope", await OAuth2.ClientCredentialsAsync(client, "kratos.identities.list", "novaid-gateway"));
    }

    [Fact]
    public async Task An_audience_that_the_client_does_not_have_is_refused()
    {
        var client = await Operator.CreateClientAsync();

        Error(400, "invalid_request", await OAuth2.ClientCredentialsAsync(client, "novaid.read", "novaid-gateway"));
    }

    [Fact]
    public async Task A_grant_that_the_client_does_not_have_is_refused()
    {
        var client = await Operator.CreateClientAsync(grants: ["authorization_code"]);

        Error(400, "unauthorized_client", await OAuth2.ClientCredentialsAsync(client, "novaid.read"));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("magic")]
    public async Task A_grant_that_does_not_exist_is_refused(string grant)
    {
        var client = await Operator.CreateClientAsync();

        (await OAuth2.TokenAsync(client, ("grant_type", grant), ("username", "a"), ("password", "b"))).Expect(400);
    }

    [Fact]
    public async Task A_client_without_a_secret_gets_no_token_of_its_own()
    {
        var client = await Operator.CreatePublicClientAsync();

        (await OAuth2.ClientCredentialsAsync(client, "novaid.read")).Expect(400);
    }

    [Fact]
    public async Task A_client_revokes_its_token()
    {
        var client = await Operator.CreateClientAsync();
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");

        (await OAuth2.RevokeAsync(client, token)).Expect(200);

        Assert.False((await Operator.IntrospectAsync(token))["active"].GetBoolean());
    }

    [Fact]
    public async Task A_client_does_not_revoke_the_token_of_another()
    {
        var (client, other) = (await Operator.CreateClientAsync(), await Operator.CreateClientAsync());
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");

        await OAuth2.RevokeAsync(other, token);

        Assert.True((await Operator.IntrospectAsync(token))["active"].GetBoolean());
    }

    [Fact]
    public async Task Revoking_a_token_that_does_not_exist_is_no_error()
    {
        var client = await Operator.CreateClientAsync();

        (await OAuth2.RevokeAsync(client, "ory_at_nothing.nothing")).Expect(200);
    }

    [Fact]
    public async Task The_tokens_of_a_client_that_was_deleted_are_dead()
    {
        var client = await Operator.CreateClientAsync();
        var token = await OAuth2.AccessTokenAsync(client, "novaid.read");

        await Operator.DeleteClientAsync(client.Id);

        Assert.False((await Operator.IntrospectAsync(token))["active"].GetBoolean());
        Error(401, "invalid_client", await OAuth2.ClientCredentialsAsync(client, "novaid.read"));
    }

    [Fact]
    public async Task The_secret_of_a_client_is_never_shown_again()
    {
        var client = await Operator.CreateClientAsync();

        var reply = (await (await Operator.CallerAsync()).GetAsync($"/svc/hydra/admin/clients/{client.Id}")).Expect(200);

        Assert.DoesNotContain(client.Secret!, reply.Body, StringComparison.Ordinal);
    }

    private static void Error(int status, string error, Reply reply) => Assert.Equal(error, reply.Expect(status)["error"].GetString());
}
