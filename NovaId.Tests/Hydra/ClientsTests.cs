using System.Net;
using System.Text.Json.Nodes;

namespace NovaId.Tests.Hydra;

public sealed class ClientsTests : HydraTest
{
    private const string BadRequest = "The request was malformed or contained invalid parameters";

    [Fact]
    public async Task A_new_client_has_hydras_defaults_and_shows_its_secret_once()
    {
        var response = await Hydra.AdminAsync(
            HttpMethod.Post, "/admin/clients", new JsonObject { ["client_id"] = "app", ["client_name"] = "App" });
        var created = await HydraHost.ReadAsync(response);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/admin/clients/app", response.Headers.Location!.ToString());
        Assert.Equal(26, created["client_secret"]!.GetValue<string>().Length);
        Assert.StartsWith("ory_at_", created["registration_access_token"]!.GetValue<string>(), StringComparison.Ordinal);

        var shown = await HydraHost.ReadAsync(await Hydra.AdminAsync(HttpMethod.Get, "/admin/clients/app"));
        var expected = JsonNode.Parse("""
            {
              "client_id": "app", "client_name": "App", "redirect_uris": [], "grant_types": [], "response_types": [],
              "scope": "offline_access offline openid", "audience": [], "owner": "", "policy_uri": "", "allowed_cors_origins": [],
              "tos_uri": "", "client_uri": "", "logo_uri": "", "contacts": [], "client_secret_expires_at": 0,
              "subject_type": "public", "jwks": {}, "token_endpoint_auth_method": "client_secret_basic",
              "userinfo_signed_response_alg": "none", "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
              "metadata": {}, "skip_consent": false, "skip_logout_consent": null,
              "authorization_code_grant_access_token_lifespan": null, "authorization_code_grant_id_token_lifespan": null,
              "authorization_code_grant_refresh_token_lifespan": null, "client_credentials_grant_access_token_lifespan": null,
              "implicit_grant_access_token_lifespan": null, "implicit_grant_id_token_lifespan": null,
              "jwt_bearer_grant_access_token_lifespan": null, "refresh_token_grant_id_token_lifespan": null,
              "refresh_token_grant_access_token_lifespan": null, "refresh_token_grant_refresh_token_lifespan": null,
              "device_authorization_grant_id_token_lifespan": null, "device_authorization_grant_access_token_lifespan": null,
              "device_authorization_grant_refresh_token_lifespan": null
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, shown), shown.ToJsonString());
    }

    [Fact]
    public async Task What_is_nested_deep_is_kept()
    {
        var deep = new string('[', 300) + new string(']', 300);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://hydra:4445/admin/clients")
        {
            Content = new StringContent($$"""{"client_id":"app","metadata":{"a": {{deep}} } }""", System.Text.Encoding.UTF8, "application/json"),
        };

        using var created = await Hydra.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var shown = await Hydra.AdminAsync(HttpMethod.Get, "/admin/clients/app");
        Assert.Contains(deep, await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_is_given_once()
    {
        await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = "app" });
        await HydraHost.AssertErrorAsync(
            await Hydra.AdminAsync(HttpMethod.Post, "/admin/clients", new JsonObject { ["client_id"] = "app" }),
            HttpStatusCode.Conflict,
            "Unable to insert or update resource because a resource with that value exists already");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "")]
    [InlineData("PUT", "/lifespans")]
    [InlineData("DELETE", "")]
    public async Task An_unknown_client_is_not_found(string method, string more) => await HydraHost.AssertErrorAsync(
        await Hydra.AdminAsync(HttpMethod.Parse(method), "/admin/clients/nobody" + more, method == "PUT" ? new JsonObject() : null),
        HttpStatusCode.NotFound,
        "Unable to locate the resource");

    [Theory]
    [InlineData("""{"client_secret":"short"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://app/#here"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["no address"]}""", "invalid_redirect_uri")]
    [InlineData("""{"subject_type":"pairwise"}""", "invalid_client_metadata")]
    [InlineData("""{"logo_uri":"ftp://app/logo"}""", "invalid_client_metadata")]
    [InlineData("""{"access_token_strategy":"paper"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://app/"],"post_logout_redirect_uris":["http://other/"]}""", "invalid_client_metadata")]
    [InlineData("""{"grant_types":"client_credentials"}""", BadRequest)]
    [InlineData("""{"client_credentials_grant_access_token_lifespan":"long"}""", BadRequest)]
    [InlineData("""{"scope":1}""", BadRequest)]
    [InlineData("""{"jwks":[]}""", BadRequest)]
    [InlineData("""{"jwks":{"keys":{}}}""", BadRequest)]
    [InlineData("""{"jwks":{"keys":[1]}}""", BadRequest)]
    [InlineData("""{"jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}}""", BadRequest)]
    [InlineData("""{"jwks":{"keys":[{"kty":"EC","crv":"secp256k1"}]}}""", BadRequest)]
    [InlineData("""{"jwks":{"keys":[{"kty":"RSA","n":"!","e":"AQAB"}]}}""", BadRequest)]
    [InlineData("""{"jwks":{"keys":[{"kty":"RSA","e":"AQAB"}]}}""", BadRequest)]
    [InlineData("""{"token_endpoint_auth_method":"private_key_jwt"}""", "invalid_client_metadata")]
    [InlineData("""{"token_endpoint_auth_method":"private_key_jwt","jwks":{}}""", "invalid_client_metadata")]
    [InlineData("[]", BadRequest)]
    public async Task Wrong_metadata_is_refused(string body, string error) => await HydraHost.AssertErrorAsync(
        await Hydra.Http.PostAsync(
            new Uri("http://hydra:4445/admin/clients"),
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken),
        HttpStatusCode.BadRequest,
        error);

    [Theory]
    [InlineData("""{"access_token_strategy":"jwt"}""", "JWT")]
    [InlineData("""{"token_endpoint_auth_method":"client_secret_jwt"}""", "client_secret_jwt")]
    [InlineData("""{"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"http://app/keys"}""", "jwks_uri")]
    [InlineData("""{"jwks":{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}}""", "the member k")]
    [InlineData("""{"jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}]}}""", "the member d")]
    [InlineData("""{"jwks":{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}}""", "OKP")]
    [InlineData("""{"backchannel_logout_uri":"http://app/logout"}""", "backchannel_logout_uri")]
    public async Task What_the_emulator_does_not_do_is_named(string body, string name) => await HydraHost.AssertErrorAsync(
        await Hydra.AdminAsync(HttpMethod.Post, "/admin/clients", JsonNode.Parse(body)),
        HttpStatusCode.NotImplemented,
        "not_implemented",
        name);

    [Fact]
    public async Task Deleting_a_client_kills_its_tokens_at_once_and_for_good()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = "app" });
        var tokens = await Hydra.GetTokensAsync(client);
        var own = (await Hydra.GetTokenAsync(client))["access_token"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.NoContent, (await Hydra.AdminAsync(HttpMethod.Delete, "/admin/clients/app")).StatusCode);

        Assert.False(await Hydra.IsActiveAsync(own));
        Assert.False(await Hydra.IsActiveAsync(tokens["access_token"]!.GetValue<string>()));
        await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = "app" });
        Assert.False(await Hydra.IsActiveAsync(own));
        Assert.False(await Hydra.IsActiveAsync(tokens["refresh_token"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_update_keeps_the_secret_unless_it_brings_another()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = "app" });
        var update = await HydraHost.ReadAsync(await Hydra.AdminAsync(HttpMethod.Get, "/admin/clients/app"));
        update["client_name"] = "Renamed";
        Hydra.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await Hydra.AdminAsync(HttpMethod.Put, "/admin/clients/app", update)).StatusCode);
        var shown = await HydraHost.ReadAsync(await Hydra.AdminAsync(HttpMethod.Get, "/admin/clients/app"));
        Assert.Equal("Renamed", shown["client_name"]!.GetValue<string>());
        Assert.Equal("2026-01-02T03:04:05Z", shown["created_at"]!.GetValue<string>());
        Assert.Equal("2026-01-02T03:05:05Z", shown["updated_at"]!.GetValue<string>());
        await Hydra.GetTokenAsync(client);

        update["client_secret"] = "another-secret";
        var answer = await HydraHost.ReadAsync(await Hydra.AdminAsync(HttpMethod.Put, "/admin/clients/app", update));
        Assert.Equal("another-secret", answer["client_secret"]!.GetValue<string>());
        await Hydra.GetTokenAsync((client.Id, "another-secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Hydra.TokenAsync(client, ("grant_type", "client_credentials"))).StatusCode);
    }

    [Fact]
    public async Task Lifespans_are_set_together_and_shown_in_gos_form()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = "app" });
        var response = await Hydra.AdminAsync(
            HttpMethod.Put,
            "/admin/clients/app/lifespans",
            new JsonObject { ["client_credentials_grant_access_token_lifespan"] = "1h30m" });
        var shown = await HydraHost.ReadAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1h30m0s", shown["client_credentials_grant_access_token_lifespan"]!.GetValue<string>());
        Assert.Null(shown["refresh_token_grant_access_token_lifespan"]);
        Assert.Equal(5400, (await Hydra.GetTokenAsync(client))["expires_in"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_list_comes_in_pages_with_links()
    {
        foreach (var id in new[] { "c", "a", "e", "b", "d" })
        {
            await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = id });
        }

        var seen = new List<string>();
        string? next = "/admin/clients?page_size=2";
        while (next is not null)
        {
            var response = await Hydra.AdminAsync(HttpMethod.Get, next);
            var page = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray();
            Assert.InRange(page.Count, 1, 2);
            seen.AddRange(page.Select(client => client!["client_id"]!.GetValue<string>()));
            next = response.Headers.GetValues("Link").Single().Split(',')
                .FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>')[1];
        }

        Assert.Equal(["a", "b", "c", "d", "e"], seen);
    }

    [Fact]
    public async Task A_list_can_be_narrowed_to_an_owner_or_a_name()
    {
        await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = "one", ["owner"] = "ada", ["client_name"] = "First" });
        await Hydra.CreateClientAsync(new JsonObject { ["client_id"] = "two", ["owner"] = "grace", ["client_name"] = "Second" });
        foreach (var (query, id) in new[] { ("owner=ada", "one"), ("client_name=Second", "two") })
        {
            var response = await Hydra.AdminAsync(HttpMethod.Get, "/admin/clients?" + query);
            var page = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray();
            Assert.Equal(id, Assert.Single(page)!["client_id"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("page_token=made-up")]
    [InlineData("page_size=many")]
    public async Task A_page_that_cannot_be_is_refused(string query) => await HydraHost.AssertErrorAsync(
        await Hydra.AdminAsync(HttpMethod.Get, "/admin/clients?" + query),
        HttpStatusCode.BadRequest,
        "The request was malformed or contained invalid parameters");

    [Fact]
    public async Task The_tokens_of_one_client_can_be_removed()
    {
        var client = await Hydra.CreateClientAsync();
        var other = await Hydra.CreateClientAsync();
        var token = (await Hydra.GetTokenAsync(client))["access_token"]!.GetValue<string>();
        var kept = (await Hydra.GetTokenAsync(other))["access_token"]!.GetValue<string>();
        var deleted = await Hydra.AdminAsync(HttpMethod.Delete, $"/admin/oauth2/tokens?client_id={client.Id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.False(await Hydra.IsActiveAsync(token));
        Assert.True(await Hydra.IsActiveAsync(kept));
    }
}
