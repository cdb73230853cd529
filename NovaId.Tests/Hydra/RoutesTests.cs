using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace NovaId.Tests.Hydra;

public sealed class RoutesTests : HydraTest
{
    [Fact]
    public async Task The_discovery_document_names_routes_that_are_there()
    {
        var document = await HydraHost.ReadAsync(await Hydra.PublicAsync("/.well-known/openid-configuration"));
        Assert.Equal(HydraHost.Issuer, document["issuer"]!.GetValue<string>());
        Assert.Equal(HydraHost.Issuer + "/oauth2/token", document["token_endpoint"]!.GetValue<string>());
        foreach (var endpoint in document.Where(
            member => member.Key.EndsWith("_endpoint", StringComparison.Ordinal) || member.Key == "jwks_uri"))
        {
            var path = new Uri(endpoint.Value!.GetValue<string>()).AbsolutePath;
            var statuses = new List<HttpStatusCode>();
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            {
                var response = await Hydra.Http.SendAsync(
                    new HttpRequestMessage(method, "http://hydra:4444" + path),
                    TestContext.Current.CancellationToken);
                statuses.Add(response.StatusCode);
            }

            Assert.Contains(statuses, status => status != HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task The_discovery_document_says_what_hydra_says()
    {
        var document = await HydraHost.ReadAsync(await Hydra.PublicAsync("/.well-known/openid-configuration"));
        Assert.Equal(["code", "code id_token", "id_token", "token id_token", "token", "token id_token code"], List(
            document, "response_types_supported"));
        Assert.Equal(["plain", "S256"], List(document, "code_challenge_methods_supported"));
        Assert.Equal(["client_secret_post", "client_secret_basic", "private_key_jwt", "none"], List(
            document, "token_endpoint_auth_methods_supported"));
        Assert.Equal(["RS256"], List(document, "id_token_signing_alg_values_supported"));
        Assert.Equal(["public"], List(document, "subject_types_supported"));
        Assert.True(document["require_request_uri_registration"]!.GetValue<bool>());
        string[] members =
        [
            "authorization_endpoint",
            "backchannel_logout_session_supported",
            "backchannel_logout_supported",
            "claims_parameter_supported",
            "claims_supported",
            "code_challenge_methods_supported",
            "credentials_endpoint_draft_00",
            "credentials_supported_draft_00",
            "device_authorization_endpoint",
            "end_session_endpoint",
            "frontchannel_logout_session_supported",
            "frontchannel_logout_supported",
            "grant_types_supported",
            "id_token_signed_response_alg",
            "id_token_signing_alg_values_supported",
            "issuer",
            "jwks_uri",
            "request_object_signing_alg_values_supported",
            "request_parameter_supported",
            "request_uri_parameter_supported",
            "require_request_uri_registration",
            "response_modes_supported",
            "response_types_supported",
            "revocation_endpoint",
            "scopes_supported",
            "subject_types_supported",
            "token_endpoint",
            "token_endpoint_auth_methods_supported",
            "userinfo_endpoint",
            "userinfo_signed_response_alg",
            "userinfo_signing_alg_values_supported",
        ];
        Assert.Equal(members, document.Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_key_set_holds_public_keys_only()
    {
        var keys = (await HydraHost.ReadAsync(await Hydra.PublicAsync("/.well-known/jwks.json")))["keys"]!.AsArray();
        Assert.Equal(2, keys.Count);
        foreach (var key in keys.Select(key => key!.AsObject()))
        {
            Assert.Equal(["alg", "e", "kid", "kty", "n", "use"], key.Select(member => member.Key).Order());
            Assert.Equal("RS256", key["alg"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Userinfo_says_who_the_token_is_about()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var response = await UserInfoAsync(tokens["access_token"]!.GetValue<string>());
        var claims = await HydraHost.ReadAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ada", claims["sub"]!.GetValue<string>());
        Assert.Equal("ada@example.org", claims["email"]!.GetValue<string>());
        Assert.Equal(client.Id, Assert.Single(claims["aud"]!.AsArray())!.GetValue<string>());
        Assert.False(claims.ContainsKey("sid"));
        Assert.False(claims.ContainsKey("nonce"));
    }

    [Fact]
    public async Task Userinfo_takes_live_access_tokens_only()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var refresh = await UserInfoAsync(tokens["refresh_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, refresh.StatusCode);
        Assert.Contains("invalid_token", refresh.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        await HydraHost.AssertErrorAsync(await UserInfoAsync("made.up"), HttpStatusCode.Unauthorized, "request_unauthorized");
        Hydra.Time.Advance(TimeSpan.FromMinutes(11));
        await HydraHost.AssertErrorAsync(
            await UserInfoAsync(tokens["access_token"]!.GetValue<string>()),
            HttpStatusCode.Unauthorized,
            "invalid_token");
    }

    [Fact]
    public async Task Introspection_is_not_on_the_public_port()
    {
        var response = await Hydra.PostAsync("/admin/oauth2/introspect", null, ("token", "x"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Hydra.PublicAsync("/admin/clients")).StatusCode);
    }

    [Theory]
    [InlineData("/oauth2/token")]
    [InlineData("/oauth2/auth")]
    [InlineData("/.well-known/jwks.json")]
    public async Task The_protocol_is_not_on_the_admin_port(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Hydra.AdminAsync(HttpMethod.Get, path)).StatusCode);

    [Fact]
    public async Task Introspection_without_a_form_is_malformed()
    {
        var response = await Hydra.AdminAsync(HttpMethod.Post, "/admin/oauth2/introspect", new JsonObject { ["token"] = "x" });
        await HydraHost.AssertErrorAsync(response, HttpStatusCode.BadRequest, "invalid_request", "The POST body can not be empty.");
    }

    [Theory]
    [InlineData("http://hydra:4444/health/alive")]
    [InlineData("http://hydra:4444/health/ready")]
    [InlineData("http://hydra:4445/health/ready")]
    [InlineData("http://hydra:4445/admin/health/alive")]
    public async Task Health_is_on_both_ports(string address)
    {
        var response = await Hydra.Http.GetAsync(new Uri(address), TestContext.Current.CancellationToken);
        Assert.Equal("ok", (await HydraHost.ReadAsync(response))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_version_is_the_one_that_is_stood_in_for()
    {
        var answer = await HydraHost.ReadAsync(await Hydra.AdminAsync(HttpMethod.Get, "/version"));
        Assert.Equal("v26.2.0", answer["version"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", "http://hydra:4445/admin/keys/hydra.openid.id-token")]
    [InlineData("GET", "http://hydra:4445/admin/trust/grants/jwt-bearer/issuers")]
    [InlineData("PATCH", "http://hydra:4445/admin/clients/app")]
    public async Task A_route_that_nothing_here_uses_is_named(string method, string address)
    {
        var response = await Hydra.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Parse(method), address),
            TestContext.Current.CancellationToken);
        await HydraHost.AssertErrorAsync(response, HttpStatusCode.NotImplemented, "not_implemented", new Uri(address).AbsolutePath);
    }

    [Theory]
    [InlineData("GET", "/oauth2/token")]
    [InlineData("GET", "/oauth2/revoke")]
    [InlineData("DELETE", "/userinfo")]
    [InlineData("GET", "/nothing")]
    public async Task A_public_route_or_method_that_hydra_does_not_have_is_not_found(string method, string path)
    {
        var response = await Hydra.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Parse(method), "http://hydra:4444" + path),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private Task<HttpResponseMessage> UserInfoAsync(string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://hydra:4444/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return Hydra.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> List(JsonObject document, string member) =>
        document[member]!.AsArray().Select(value => value!.GetValue<string>());
}
