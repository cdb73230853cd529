using System.Net;
using System.Text.Json.Nodes;

namespace NovaId.Tests.Hydra;

public sealed class ClientCredentialsTests : HydraTest
{
    [Fact]
    public async Task A_client_gets_an_opaque_token_with_the_scope_and_audience_it_asked_for()
    {
        var client = await Hydra.CreateClientAsync();
        var response = await Hydra.TokenAsync(
            client,
            ("grant_type", "client_credentials"),
            ("scope", "novaid.read novaid.write"),
            ("audience", "novaid-api"));
        var answer = await HydraHost.ReadAsync(response);

        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.StartsWith("ory_at_", answer["access_token"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("bearer", answer["token_type"]!.GetValue<string>());
        Assert.Equal(600, answer["expires_in"]!.GetValue<int>());
        Assert.Equal("novaid.read novaid.write", answer["scope"]!.GetValue<string>());
        Assert.Equal(["access_token", "expires_in", "scope", "token_type"], answer.Select(member => member.Key).Order());
    }

    [Fact]
    public async Task A_token_says_in_introspection_what_it_is()
    {
        var client = await Hydra.CreateClientAsync();
        var token = await Hydra.GetTokenAsync(client, ("scope", "novaid.read"), ("audience", "novaid-api"));
        var introspection = await Hydra.IntrospectAsync(token["access_token"]!.GetValue<string>());

        var now = Hydra.Time.GetUtcNow().ToUnixTimeSeconds();
        var expected = new JsonObject
        {
            ["active"] = true,
            ["scope"] = "novaid.read",
            ["client_id"] = client.Id,
            ["sub"] = client.Id,
            ["exp"] = now + 600,
            ["iat"] = now,
            ["nbf"] = now,
            ["aud"] = new JsonArray("novaid-api"),
            ["iss"] = HydraHost.Issuer,
            ["token_type"] = "Bearer",
            ["token_use"] = "access_token",
        };
        Assert.True(JsonNode.DeepEquals(expected, introspection), introspection.ToJsonString());
    }

    [Fact]
    public async Task Without_asking_a_client_gets_neither_scope_nor_audience()
    {
        var token = await Hydra.GetTokenAsync(await Hydra.CreateClientAsync());
        Assert.Equal("", token["scope"]!.GetValue<string>());

        var introspection = await Hydra.IntrospectAsync(token["access_token"]!.GetValue<string>());
        Assert.False(introspection.ContainsKey("scope"));
        Assert.Empty(introspection["aud"]!.AsArray());
    }

    [Fact]
    public async Task The_audience_may_be_repeated_or_listed()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["audience"] = new JsonArray("one", "two") });
        foreach (var audience in new (string, string)[][] { [("audience", "one"), ("audience", "two")], [("audience", "one two")] })
        {
            var token = await Hydra.GetTokenAsync(client, audience);
            var introspection = await Hydra.IntrospectAsync(token["access_token"]!.GetValue<string>());
            Assert.Equal(["one", "two"], introspection["aud"]!.AsArray().Select(name => name!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task A_scope_of_somebody_else_is_refused() => await HydraHost.AssertErrorAsync(
        await Hydra.TokenAsync(
            await Hydra.CreateClientAsync(),
            ("grant_type", "client_credentials"),
            ("scope", "novaid.read kratos.identities.get")),
        HttpStatusCode.BadRequest,
        "invalid_scope",
        "The OAuth 2.0 Client is not allowed to request scope 'kratos.identities.get'.");

    [Fact]
    public async Task A_scope_matches_exactly_and_not_by_its_beginning()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["scope"] = "novaid novaid.*" });
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync(client, ("grant_type", "client_credentials"), ("scope", "novaid.read")),
            HttpStatusCode.BadRequest,
            "invalid_scope");
    }

    [Fact]
    public async Task An_audience_of_somebody_else_is_refused() => await HydraHost.AssertErrorAsync(
        await Hydra.TokenAsync(await Hydra.CreateClientAsync(), ("grant_type", "client_credentials"), ("audience", "novaid-gateway")),
        HttpStatusCode.BadRequest,
        "invalid_request",
        "Requested audience 'novaid-gateway' has not been whitelisted by the OAuth 2.0 Client.");

    [Theory]
    [InlineData("wrong secret")]
    [InlineData("")]
    public async Task A_wrong_secret_is_refused(string secret)
    {
        var client = await Hydra.CreateClientAsync();
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync((client.Id, secret), ("grant_type", "client_credentials")),
            HttpStatusCode.Unauthorized,
            "invalid_client",
            "Client authentication failed");
    }

    [Fact]
    public async Task An_unknown_client_is_refused() => await HydraHost.AssertErrorAsync(
        await Hydra.TokenAsync(("nobody", "secret"), ("grant_type", "client_credentials")),
        HttpStatusCode.Unauthorized,
        "invalid_client");

    [Fact]
    public async Task Without_credentials_the_request_is_malformed() => await HydraHost.AssertErrorAsync(
        await Hydra.TokenAsync(null, ("grant_type", "client_credentials")),
        HttpStatusCode.BadRequest,
        "invalid_request",
        "Client credentials missing or malformed in both HTTP Authorization header and HTTP POST body.");

    [Fact]
    public async Task A_client_authenticates_only_in_the_way_it_is_registered_for()
    {
        var basic = await Hydra.CreateClientAsync();
        var post = await Hydra.CreateClientAsync(new JsonObject { ["token_endpoint_auth_method"] = "client_secret_post" });

        var inBody = await Hydra.TokenAsync(
            null,
            ("grant_type", "client_credentials"),
            ("client_id", post.Id),
            ("client_secret", post.Secret));
        Assert.Equal(HttpStatusCode.OK, inBody.StatusCode);
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync(null, ("grant_type", "client_credentials"), ("client_id", basic.Id), ("client_secret", basic.Secret)),
            HttpStatusCode.Unauthorized,
            "invalid_client",
            "'client_secret_post' was requested");
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync(post, ("grant_type", "client_credentials")),
            HttpStatusCode.Unauthorized,
            "invalid_client",
            "'client_secret_basic' was requested");
    }

    [Fact]
    public async Task A_public_client_has_no_credentials_to_show()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["token_endpoint_auth_method"] = "none" });
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync(null, ("grant_type", "client_credentials"), ("client_id", client.Id)),
            HttpStatusCode.BadRequest,
            "invalid_grant");
    }

    [Fact]
    public async Task A_client_uses_only_its_grant_types()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["grant_types"] = new JsonArray("authorization_code") });
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync(client, ("grant_type", "client_credentials")),
            HttpStatusCode.BadRequest,
            "unauthorized_client");
    }

    [Theory]
    [InlineData("made_up", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("password", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code", HttpStatusCode.BadRequest, "unauthorized_client")]
    public async Task An_unknown_grant_type_is_refused(string grant, HttpStatusCode status, string error) =>
        await HydraHost.AssertErrorAsync(await Hydra.TokenAsync(await Hydra.CreateClientAsync(), ("grant_type", grant)), status, error);

    [Fact]
    public async Task A_body_that_is_no_form_is_empty()
    {
        var response = await Hydra.Http.PostAsync(
            new Uri("http://hydra:4444/oauth2/token"),
            new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        await HydraHost.AssertErrorAsync(response, HttpStatusCode.BadRequest, "invalid_request", "The POST body can not be empty.");
    }

    [Fact]
    public async Task A_token_dies_when_its_time_is_up()
    {
        var token = (await Hydra.GetTokenAsync(await Hydra.CreateClientAsync()))["access_token"]!.GetValue<string>();
        Hydra.Time.Advance(TimeSpan.FromSeconds(599));
        Assert.True(await Hydra.IsActiveAsync(token));
        Hydra.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await Hydra.IsActiveAsync(token));
    }

    [Fact]
    public async Task A_client_may_have_a_lifespan_of_its_own()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["client_credentials_grant_access_token_lifespan"] = "1m" });
        Assert.Equal(60, (await Hydra.GetTokenAsync(client))["expires_in"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_token_that_was_tampered_with_is_none()
    {
        var token = (await Hydra.GetTokenAsync(await Hydra.CreateClientAsync()))["access_token"]!.GetValue<string>();
        var (key, signature) = (token.Split('.')[0], token.Split('.')[1]);
        Assert.True(await Hydra.IsActiveAsync(token));
        Assert.False(await Hydra.IsActiveAsync($"{key[..^2]}AA.{signature}"));
        Assert.False(await Hydra.IsActiveAsync($"{key}.{signature[..^2]}AA"));
        Assert.False(await Hydra.IsActiveAsync("made up"));
        Assert.False(await Hydra.IsActiveAsync(""));
    }
}
