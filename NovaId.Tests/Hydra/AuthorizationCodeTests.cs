using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Tests.Hydra;

public sealed class AuthorizationCodeTests : HydraTest
{
    [Fact]
    public async Task Login_and_consent_lead_to_a_code_and_the_code_to_tokens()
    {
        var client = await Hydra.CreateClientAsync();
        var back = await Hydra.AuthorizeAsync(new Browser(Hydra.Http), HydraHost.AuthorizeUrl(client.Id));
        var query = HydraHost.Query(back);

        Assert.StartsWith(HydraHost.Callback + "?", back.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("ory_ac_", query["code"], StringComparison.Ordinal);
        Assert.Equal("openid offline_access novaid.read", query["scope"]);
        Assert.Equal(HydraHost.State, query["state"]);
        Assert.Equal(["code", "scope", "state"], query.Keys.Order());

        var response = await Hydra.RedeemAsync(client, query["code"]);
        var answer = await HydraHost.ReadAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("ory_at_", answer["access_token"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("ory_rt_", answer["refresh_token"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("bearer", answer["token_type"]!.GetValue<string>());
        Assert.Equal("openid offline_access novaid.read", answer["scope"]!.GetValue<string>());
        Assert.Equal(600, answer["expires_in"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_id_token_is_signed_with_a_published_key_and_says_who_and_when()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var keys = new JsonWebKeySet(await (await Hydra.PublicAsync("/.well-known/jwks.json")).Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken));
        var idToken = tokens["id_token"]!.GetValue<string>();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(idToken, new TokenValidationParameters
        {
            IssuerSigningKeys = keys.Keys,
            ValidIssuer = HydraHost.Issuer,
            ValidAudience = client.Id,
            ValidAlgorithms = ["RS256"],
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);

        var jwt = (JsonWebToken)result.SecurityToken;
        var claims = JsonNode.Parse(Base64UrlEncoder.Decode(jwt.EncodedPayload))!.AsObject();
        var now = Hydra.Time.GetUtcNow().ToUnixTimeSeconds();
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(tokens["access_token"]!.GetValue<string>()));
        Assert.Equal("JWT", jwt.Typ);
        Assert.Equal(HydraHost.Issuer, claims["iss"]!.GetValue<string>());
        Assert.Equal("ada", claims["sub"]!.GetValue<string>());
        Assert.Equal(client.Id, Assert.Single(claims["aud"]!.AsArray())!.GetValue<string>());
        Assert.Equal("a-nonce-of-the-tests", claims["nonce"]!.GetValue<string>());
        Assert.Equal(Base64UrlEncoder.Encode(hash, 0, 16), claims["at_hash"]!.GetValue<string>());
        Assert.Equal(now, claims["auth_time"]!.GetValue<long>());
        Assert.Equal(now, claims["iat"]!.GetValue<long>());
        Assert.Equal(now, claims["rat"]!.GetValue<long>());
        Assert.Equal(now + 600, claims["exp"]!.GetValue<long>());
        Assert.NotEmpty(claims["sid"]!.GetValue<string>());
        Assert.NotEmpty(claims["jti"]!.GetValue<string>());
        Assert.Equal("ada@example.org", claims["email"]!.GetValue<string>());
        Assert.Equal(2, claims["roles"]!.AsArray().Count);
        Assert.False(claims.ContainsKey("nbf"));
    }

    [Fact]
    public async Task Each_kind_of_token_says_in_introspection_what_it_is()
    {
        var client = await Hydra.CreateClientAsync();
        var tokens = await Hydra.GetTokensAsync(client);
        var access = await Hydra.IntrospectAsync(tokens["access_token"]!.GetValue<string>());
        var refresh = await Hydra.IntrospectAsync(tokens["refresh_token"]!.GetValue<string>());

        Assert.Equal("access_token", access["token_use"]!.GetValue<string>());
        Assert.Equal("refresh_token", refresh["token_use"]!.GetValue<string>());
        foreach (var introspection in new[] { access, refresh })
        {
            Assert.True(introspection["active"]!.GetValue<bool>());
            Assert.Equal("ada", introspection["sub"]!.GetValue<string>());
            Assert.Equal(client.Id, introspection["client_id"]!.GetValue<string>());
            Assert.Equal("openid offline_access novaid.read", introspection["scope"]!.GetValue<string>());
            Assert.Equal("novaid-api", Assert.Single(introspection["aud"]!.AsArray())!.GetValue<string>());
            Assert.Equal("north", introspection["ext"]!["tenant"]!.GetValue<string>());
            Assert.Equal("Bearer", introspection["token_type"]!.GetValue<string>());
        }

        Assert.Equal(access["exp"]!.GetValue<long>() + (24 * 3600) - 600, refresh["exp"]!.GetValue<long>());
        Assert.False(await Hydra.IsActiveAsync(tokens["id_token"]!.GetValue<string>()));
        var notGranted = await Hydra.IntrospectAsync(tokens["access_token"]!.GetValue<string>(), ("scope", "novaid.write"));
        Assert.False(notGranted["active"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token_and_without_openid_no_id_token()
    {
        var client = await Hydra.CreateClientAsync();
        var back = await Hydra.AuthorizeAsync(
            new Browser(Hydra.Http),
            HydraHost.AuthorizeUrl(client.Id, ("scope", "novaid.read")),
            consent: HydraHost.Consent("novaid.read"));
        var answer = await HydraHost.ReadAsync(await Hydra.RedeemAsync(client, HydraHost.Query(back)["code"]));
        Assert.Equal(["access_token", "expires_in", "scope", "token_type"], answer.Select(member => member.Key).Order());
    }

    [Fact]
    public async Task The_user_may_grant_less_than_was_asked_for()
    {
        var client = await Hydra.CreateClientAsync();
        var back = await Hydra.AuthorizeAsync(
            new Browser(Hydra.Http), HydraHost.AuthorizeUrl(client.Id), consent: HydraHost.Consent("openid"));
        var answer = await HydraHost.ReadAsync(await Hydra.RedeemAsync(client, HydraHost.Query(back)["code"]));
        Assert.Equal("openid", answer["scope"]!.GetValue<string>());
        Assert.False(answer.ContainsKey("refresh_token"));
    }

    [Theory]
    [InlineData(null, null, "Clients must include a code_challenge")]
    [InlineData("challenge", null, "plain is not allowed")]
    [InlineData("challenge", "plain", "plain is not allowed")]
    [InlineData("challenge", "S512", "code_challenge_method is not supported")]
    public async Task Without_a_proper_code_challenge_there_is_no_code(string? challenge, string? method, string description)
    {
        var client = await Hydra.CreateClientAsync();
        var url = HydraHost.AuthorizeUrl(client.Id, ("code_challenge", challenge), ("code_challenge_method", method));
        var query = HydraHost.Query(await Hydra.AuthorizeAsync(new Browser(Hydra.Http), url));
        Assert.Equal("invalid_request", query["error"]);
        Assert.Contains(description, query["error_description"], StringComparison.Ordinal);
        Assert.Equal(HydraHost.State, query["state"]);
        Assert.False(query.ContainsKey("code"));
    }

    [Theory]
    [InlineData("", "must be at least 43 characters")]
    [InlineData("short", "must be at least 43 characters")]
    [InlineData("another-code-verifier-that-is-also-long-enough", "did not match")]
    [InlineData("a code verifier with spaces that is long enough", "must only contain")]
    public async Task A_wrong_code_verifier_burns_the_code(string verifier, string description)
    {
        var client = await Hydra.CreateClientAsync();
        var code = await Hydra.GetCodeAsync(client);
        await HydraHost.AssertErrorAsync(
            await Hydra.RedeemAsync(client, code, verifier),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            description);
        await HydraHost.AssertErrorAsync(
            await Hydra.RedeemAsync(client, code),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            "Unable to find initial PKCE data");
    }

    [Fact]
    public async Task A_code_is_good_once_and_its_replay_kills_the_tokens()
    {
        var client = await Hydra.CreateClientAsync();
        var code = await Hydra.GetCodeAsync(client);
        var tokens = await HydraHost.ReadAsync(await Hydra.RedeemAsync(client, code));
        Assert.True(await Hydra.IsActiveAsync(tokens["access_token"]!.GetValue<string>()));

        await HydraHost.AssertErrorAsync(
            await Hydra.RedeemAsync(client, code),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            "The authorization code has already been used.");
        Assert.False(await Hydra.IsActiveAsync(tokens["access_token"]!.GetValue<string>()));
        Assert.False(await Hydra.IsActiveAsync(tokens["refresh_token"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Of_many_who_bring_one_code_at_once_one_gets_tokens()
    {
        var client = await Hydra.CreateClientAsync();
        var code = await Hydra.GetCodeAsync(client);
        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Hydra.RedeemAsync(client, code)));
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_code_dies_when_its_time_is_up()
    {
        var client = await Hydra.CreateClientAsync();
        var code = await Hydra.GetCodeAsync(client);
        Hydra.Time.Advance(TimeSpan.FromSeconds(121));
        await HydraHost.AssertErrorAsync(await Hydra.RedeemAsync(client, code), HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    public async Task A_code_is_good_only_for_its_client_and_its_redirect_uri()
    {
        var client = await Hydra.CreateClientAsync();
        var other = await Hydra.CreateClientAsync();
        var code = await Hydra.GetCodeAsync(client);
        await HydraHost.AssertErrorAsync(
            await Hydra.RedeemAsync(other, code),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            "does not match the one from the authorize request");
        await HydraHost.AssertErrorAsync(
            await Hydra.TokenAsync(
                client,
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", "http://127.0.0.1:5000/elsewhere"),
                ("code_verifier", HydraHost.Verifier)),
            HttpStatusCode.BadRequest,
            "invalid_grant",
            "redirect_uri");
        await HydraHost.AssertErrorAsync(await Hydra.RedeemAsync(client, "ory_ac_made.up"), HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await Hydra.RedeemAsync(client, code)).StatusCode);
    }

    [Fact]
    public async Task A_public_client_redeems_its_code_without_a_secret()
    {
        var client = await Hydra.CreateClientAsync(new JsonObject { ["token_endpoint_auth_method"] = "none" });
        var code = await Hydra.GetCodeAsync(client);
        var response = await Hydra.TokenAsync(
            null,
            ("grant_type", "authorization_code"),
            ("client_id", client.Id),
            ("code", code),
            ("redirect_uri", HydraHost.Callback),
            ("code_verifier", HydraHost.Verifier));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/callback/")]
    [InlineData("http://127.0.0.1:5000/callback?x=1")]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://127.0.0.1.evil.example:5000/callback")]
    [InlineData("")]
    public async Task An_error_never_goes_to_an_address_that_is_not_the_clients_own(string redirect)
    {
        var client = await Hydra.CreateClientAsync();
        var page = await new Browser(Hydra.Http).GetLocationAsync(HydraHost.AuthorizeUrl(client.Id, ("redirect_uri", redirect)));
        Assert.StartsWith("http://localhost:4455/accounts/error?", page.ToString(), StringComparison.Ordinal);
        Assert.Equal("invalid_request", HydraHost.Query(page)["error"]);
    }

    [Fact]
    public async Task A_loopback_address_may_differ_in_its_port()
    {
        var client = await Hydra.CreateClientAsync();
        var page = await new Browser(Hydra.Http).GetLocationAsync(
            HydraHost.AuthorizeUrl(client.Id, ("redirect_uri", "http://127.0.0.1:6000/callback")));
        Assert.StartsWith("http://localhost:4455/accounts/login?", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_client_is_told_on_the_error_page()
    {
        var page = await new Browser(Hydra.Http).GetLocationAsync(HydraHost.AuthorizeUrl("nobody"));
        Assert.StartsWith("http://localhost:4455/accounts/error?", page.ToString(), StringComparison.Ordinal);
        Assert.Equal("invalid_client", HydraHost.Query(page)["error"]);
    }

    [Theory]
    [InlineData("scope", "openid kratos.identities.get", "invalid_scope")]
    [InlineData("audience", "novaid-gateway", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_mode", "telepathy", "unsupported_response_mode")]
    [InlineData("state", "short", "invalid_state")]
    [InlineData("prompt", "none", "login_required")]
    public async Task A_wrong_request_goes_back_to_the_client_or_to_the_error_page(string parameter, string value, string error)
    {
        var client = await Hydra.CreateClientAsync();
        var response = await new Browser(Hydra.Http).GetAsync(HydraHost.AuthorizeUrl(client.Id, (parameter, value)));
        var page = response.Headers.Location!;
        Assert.Equal(error, HydraHost.Query(page)["error"]);

        // The response mode is looked at before the address is.
        var toClient = parameter != "response_mode";
        Assert.Equal(toClient ? HttpStatusCode.SeeOther : HttpStatusCode.Found, response.StatusCode);
        Assert.StartsWith(toClient ? HydraHost.Callback : "http://localhost:4455/accounts/error", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_comes_as_a_fragment_or_as_a_form_if_the_client_wants_it_so()
    {
        var client = await Hydra.CreateClientAsync();
        var fragment = await new Browser(Hydra.Http).GetLocationAsync(
            HydraHost.AuthorizeUrl(client.Id, ("state", "short"), ("response_mode", "fragment")));
        Assert.StartsWith("#error=invalid_state&", fragment.Fragment, StringComparison.Ordinal);

        var form = await new Browser(Hydra.Http).GetAsync(
            HydraHost.AuthorizeUrl(client.Id, ("state", "\"><b"), ("response_mode", "form_post")));
        var page = await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("text/html", form.Content.Headers.ContentType!.MediaType);
        Assert.Contains("value=\"invalid_state\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b", page.Replace("<body", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nonce_that_could_be_guessed_gives_no_id_token()
    {
        var client = await Hydra.CreateClientAsync();
        var code = await Hydra.GetCodeAsync(client, ("nonce", "short"));
        await HydraHost.AssertErrorAsync(await Hydra.RedeemAsync(client, code), HttpStatusCode.BadRequest, "insufficient_entropy");
    }
}
