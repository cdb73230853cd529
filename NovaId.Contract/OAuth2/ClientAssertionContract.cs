using System.Security.Cryptography;
using System.Text;
using NovaId.Contract.Attacks;

namespace NovaId.Contract.OAuth2;

/// <summary>A client that proves itself with its key, <c>private_key_jwt</c> (RFC 7523; OpenID Connect Core 1.0, section 9), so that nobody
/// else knows what it proves itself with.</summary>
public abstract class ClientAssertionContract(IZone zone) : ZoneContract(zone), IDisposable
{
    private readonly ClientKey _key = new();

    private string Audience => $"{Zone.Gateway.GetLeftPart(UriPartial.Authority)}/oauth2/token";

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _key.Dispose();
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    public async Task A_client_gets_a_token_with_its_key(string algorithm)
    {
        using var key = new ClientKey(algorithm);
        var client = await Operator.CreateClientAsync([key.Jwk()], algorithm);

        var reply = (await TokenAsync(key.Sign(ClientKey.Claims(client, Audience)))).Expect(200);

        Assert.Equal("bearer", reply["token_type"].GetString());
        var token = await Operator.IntrospectAsync(reply["access_token"].GetString()!);
        Assert.True(token["active"].GetBoolean());
        Assert.Equal(client.Id, token["client_id"].GetString());
        Assert.Equal("novaid.read", token["scope"].GetString());
    }

    [Fact]
    public async Task A_client_that_names_no_algorithm_signs_with_RS256()
    {
        using var rsa = new ClientKey("RS256");
        var client = await Operator.CreateClientAsync([rsa.Jwk(), _key.Jwk()], algorithm: null);

        (await TokenAsync(rsa.Sign(ClientKey.Claims(client, Audience)))).Expect(200);
        Error(401, "invalid_client", await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience))));
    }

    [Fact]
    public async Task What_a_client_is_registered_with_is_shown()
    {
        var client = await NewClientAsync();

        var shown = (await (await Operator.CallerAsync()).GetAsync($"/svc/hydra/admin/clients/{client.Id}")).Expect(200);

        Assert.Equal("private_key_jwt", shown["token_endpoint_auth_method"].GetString());
        Assert.Equal("ES256", shown["token_endpoint_auth_signing_alg"].GetString());
        Assert.Equal(
            _key.Jwk(),
            Assert.Single(shown["jwks.keys"].EnumerateArray()).EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!));
    }

    [Fact]
    public async Task The_client_may_be_named_beside_the_assertion()
    {
        var client = await NewClientAsync();

        (await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience)), ("client_id", client.Id))).Expect(200);
    }

    [Fact]
    public async Task The_token_endpoint_may_be_one_of_several_audiences()
    {
        var client = await NewClientAsync();
        var claims = ClientKey.Claims(client, Audience);
        claims["aud"] = new[] { "https://elsewhere.example", Audience };

        (await TokenAsync(_key.Sign(claims))).Expect(200);
    }

    [Fact]
    public async Task An_assertion_is_good_once()
    {
        var client = await NewClientAsync();
        var assertion = _key.Sign(ClientKey.Claims(client, Audience));

        (await TokenAsync(assertion)).Expect(200);

        Error(400, "jti_known", await TokenAsync(assertion));
        Error(400, "jti_known", await TokenAsync(assertion));
        (await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience)))).Expect(200);
    }

    [Fact]
    public async Task Of_many_who_send_the_same_assertion_at_once_one_gets_a_token()
    {
        var client = await NewClientAsync();
        var assertion = _key.Sign(ClientKey.Claims(client, Audience));

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TokenAsync(assertion)));

        Assert.Single(replies, reply => reply.Status == 200);
    }

    [Theory]
    [InlineData("another issuer", 401, "invalid_client")]
    [InlineData("no issuer", 401, "invalid_client")]
    [InlineData("another subject", 401, "invalid_client")]
    [InlineData("no subject", 401, "invalid_client")]
    [InlineData("a client that does not exist", 401, "invalid_client")]
    [InlineData("the gateway as audience", 401, "invalid_client")]
    [InlineData("the token endpoint of another zone as audience", 401, "invalid_client")]
    [InlineData("the token endpoint and a slash as audience", 401, "invalid_client")]
    [InlineData("no audience", 401, "invalid_client")]
    [InlineData("no id", 401, "invalid_client")]
    [InlineData("an empty id", 401, "invalid_client")]
    [InlineData("no expiry", 401, "invalid_client")]
    // Hydra refuses these as well, but takes its own words for an error that it does not know.
    [InlineData("expired", 500, "error")]
    [InlineData("issued in an hour", 500, "error")]
    [InlineData("good from an hour on", 500, "error")]
    public async Task An_assertion_that_says_something_else_is_refused(string what, int status, string error)
    {
        var client = await NewClientAsync();
        var claims = ClientKey.Claims(client, Audience);
        var (now, other) = (DateTimeOffset.UtcNow.ToUnixTimeSeconds(), (await Operator.CreateClientAsync()).Id);
        switch (what)
        {
            case "another issuer": claims["iss"] = other; break;
            case "no issuer": claims.Remove("iss"); break;
            case "another subject": claims["sub"] = other; break;
            case "no subject": claims.Remove("sub"); break;
            case "a client that does not exist": claims["iss"] = claims["sub"] = "contract-nobody"; break;
            case "the gateway as audience": claims["aud"] = Zone.Gateway.GetLeftPart(UriPartial.Authority); break;
            case "the token endpoint of another zone as audience": claims["aud"] = "https://zone.example/oauth2/token"; break;
            case "the token endpoint and a slash as audience": claims["aud"] = $"{Audience}/"; break;
            case "no audience": claims.Remove("aud"); break;
            case "no id": claims.Remove("jti"); break;
            case "an empty id": claims["jti"] = ""; break;
            case "no expiry": claims.Remove("exp"); break;
            case "expired": claims["exp"] = now - 60; break;
            case "issued in an hour": claims["iat"] = now + 3600; break;
            case "good from an hour on": claims["nbf"] = now + 3600; break;
            default: throw new ArgumentOutOfRangeException(nameof(what));
        }

        Error(status, error, await TokenAsync(_key.Sign(claims)));
    }

    [Theory]
    [InlineData("signed by another key", 401, "invalid_client")]
    [InlineData("signed by another key, which the header holds", 401, "invalid_client")]
    [InlineData("of a key that is not registered", 400, "invalid_request")]
    [InlineData("not signed", 401, "invalid_client")]
    [InlineData("signed with the public key as a secret", 401, "invalid_client")]
    [InlineData("of another algorithm", 401, "invalid_client")]
    [InlineData("with something critical in the header", 401, "invalid_client")]
    [InlineData("altered", 401, "invalid_client")]
    [InlineData("cut off", 401, "invalid_client")]
    [InlineData("no token at all", 401, "invalid_client")]
    [InlineData("empty", 400, "invalid_request")]
    public async Task An_assertion_that_the_key_did_not_sign_is_refused(string what, int status, string error)
    {
        var client = await NewClientAsync();
        var claims = ClientKey.Claims(client, Audience);
        using var other = new ClientKey();
        var assertion = what switch
        {
            "signed by another key" => other.Sign(claims, _key.Header()),
            "signed by another key, which the header holds" => other.Sign(claims, new { alg = "ES256", kid = _key.Id, jwk = other.Jwk() }),
            "of a key that is not registered" => other.Sign(claims),
            "not signed" => ForgedToken.Signed(new { alg = "none", kid = _key.Id }, claims, _ => []),
            "signed with the public key as a secret" => ForgedToken.Signed(
                new { alg = "HS256", kid = _key.Id }, claims, data => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.PublicPem), data)),
            "of another algorithm" => _key.Sign(claims, new { alg = "ES384", kid = _key.Id }),
            "with something critical in the header" => _key.Sign(claims, new { alg = "ES256", kid = _key.Id, crit = new[] { "exp" }, exp = claims["exp"] }),
            "altered" => ForgedToken.Altered(_key.Sign(claims), members => members.Where(member => member.Key != "jti")
                .Select(member => KeyValuePair.Create(member.Key, (object)member.Value)).Append(new("jti", "other")).ToDictionary()),
            "cut off" => _key.Sign(claims)[..^8],
            "no token at all" => "assertion",
            _ => "",
        };

        Error(status, error, await TokenAsync(assertion, ("client_id", client.Id)));
    }

    [Fact]
    public async Task An_assertion_of_an_unknown_type_is_refused()
    {
        var client = await NewClientAsync();
        var form = OAuth2Flows.Form(
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
            ("client_assertion", _key.Sign(ClientKey.Claims(client, Audience))));

        Error(400, "invalid_request", await Anonymous.PostAsync("/oauth2/token", form));
    }

    [Fact]
    public async Task The_key_of_one_client_does_not_speak_for_another()
    {
        using var other = new ClientKey();
        var (client, stranger) = (await NewClientAsync(), await Operator.CreateClientAsync([other.Jwk()]));

        Error(401, "invalid_client", await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience)), ("client_id", await NewSecretClientAsync())));
        Error(400, "invalid_request", await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience)), ("client_id", stranger.Id)));
        Error(400, "invalid_request", await TokenAsync(_key.Sign(ClientKey.Claims(stranger, Audience))));
    }

    [Fact]
    public async Task A_client_with_a_secret_does_not_prove_itself_with_a_key()
    {
        var secret = await NewSecretClientAsync();
        var open = await Operator.CreatePublicClientAsync();

        Error(401, "invalid_client", await TokenAsync(_key.Sign(ClientKey.Claims(new(secret, null), Audience))));
        Error(401, "invalid_client", await TokenAsync(_key.Sign(ClientKey.Claims(open, Audience))));
    }

    [Fact]
    public async Task A_client_with_a_key_does_not_prove_itself_with_a_secret()
    {
        var client = await NewClientAsync();
        Assert.NotNull(client.Secret);

        Error(401, "invalid_client", await OAuth2.ClientCredentialsAsync(client, "novaid.read"));
        var form = OAuth2Flows.Form(
            ("grant_type", "client_credentials"), ("client_id", client.Id), ("client_secret", client.Secret), ("scope", "novaid.read"));
        Error(401, "invalid_client", await Anonymous.PostAsync("/oauth2/token", form));
        Error(401, "invalid_client", await Anonymous.PostAsync(
            "/oauth2/token", OAuth2Flows.Form(("grant_type", "client_credentials"), ("client_id", client.Id), ("scope", "novaid.read"))));
    }

    [Fact]
    public async Task Beside_an_assertion_nothing_else_is_looked_at()
    {
        var client = await NewClientAsync();
        var other = await Operator.CreateClientAsync();
        var asOther = Anonymous.With("Authorization", OAuth2Flows.Basic(other.Id, other.Secret!));

        var reply = (await asOther.PostAsync("/oauth2/token", TokenForm(_key.Sign(ClientKey.Claims(client, Audience)), ("client_secret", "wrong")))).Expect(200);

        Assert.Equal(client.Id, (await Operator.IntrospectAsync(reply["access_token"].GetString()!))["sub"].GetString());
        Error(401, "invalid_client", await asOther.PostAsync("/oauth2/token", TokenForm("assertion")));
    }

    [Fact]
    public async Task A_client_may_have_two_keys_at_a_time()
    {
        using var next = new ClientKey();
        var client = await Operator.CreateClientAsync([_key.Jwk(), next.Jwk()]);

        (await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience)))).Expect(200);
        (await TokenAsync(next.Sign(ClientKey.Claims(client, Audience)))).Expect(200);
    }

    [Fact]
    public async Task Where_no_key_is_named_the_first_one_counts()
    {
        using var next = new ClientKey();
        var client = await Operator.CreateClientAsync([_key.Jwk(), next.Jwk()]);

        (await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience), new { alg = "ES256" }))).Expect(200);
        Error(401, "invalid_client", await TokenAsync(next.Sign(ClientKey.Claims(client, Audience), new { alg = "ES256" })));
    }

    [Fact]
    public async Task A_key_that_is_not_for_signatures_is_none()
    {
        var jwk = _key.Jwk();
        jwk["use"] = "enc";
        var client = await Operator.CreateClientAsync([jwk]);

        Error(400, "invalid_request", await TokenAsync(_key.Sign(ClientKey.Claims(client, Audience))));
    }

    [Fact]
    public async Task A_client_revokes_its_token_with_its_key()
    {
        var client = await NewClientAsync();
        var assertion = _key.Sign(ClientKey.Claims(client, Audience));
        var token = (await TokenAsync(assertion)).Expect(200)["access_token"].GetString()!;

        // Hydra says that it is done, and has done nothing.
        (await RevokeAsync(token, assertion)).Expect(200);
        Assert.True((await Operator.IntrospectAsync(token))["active"].GetBoolean());
        using var other = new ClientKey();
        Error(401, "invalid_client", await RevokeAsync(token, other.Sign(ClientKey.Claims(client, Audience), _key.Header())));
        Assert.True((await Operator.IntrospectAsync(token))["active"].GetBoolean());

        (await RevokeAsync(token, _key.Sign(ClientKey.Claims(client, Audience)))).Expect(200);
        Assert.False((await Operator.IntrospectAsync(token))["active"].GetBoolean());
    }

    [Fact]
    public async Task A_device_proves_itself_with_its_key()
    {
        var client = await NewClientAsync();

        (await Anonymous.PostAsync("/oauth2/device/auth", DeviceForm(_key.Sign(ClientKey.Claims(client, Audience))))).Expect(200);
        Error(401, "invalid_client", await Anonymous.PostAsync("/oauth2/device/auth", DeviceForm("assertion")));

        FormUrlEncodedContent DeviceForm(string assertion) => OAuth2Flows.Form(
            ("client_id", client.Id), ("scope", "novaid.read"), ("client_assertion_type", ClientKey.AssertionType), ("client_assertion", assertion));
    }

    [Theory]
    [InlineData("no keys", "invalid_client_metadata")]
    [InlineData("a shared secret as algorithm", "invalid_client_metadata")]
    [InlineData("no signature as algorithm", "invalid_client_metadata")]
    [InlineData("a key of an unknown type", "The request was malformed or contained invalid parameters")]
    [InlineData("a key that is not on its curve", "The request was malformed or contained invalid parameters")]
    public async Task A_client_is_not_registered_with(string what, string error)
    {
        var jwk = _key.Jwk();
        switch (what)
        {
            case "a key of an unknown type": jwk["kty"] = "paper"; break;
            case "a key that is not on its curve": jwk["y"] = jwk["x"]; break;
        }

        var client = new Dictionary<string, object>
        {
            ["client_id"] = $"contract-{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["token_endpoint_auth_signing_alg"] = what switch
            {
                "a shared secret as algorithm" => "HS256",
                "no signature as algorithm" => "none",
                _ => "ES256",
            },
        };
        if (what != "no keys")
        {
            client["jwks"] = new { keys = new[] { jwk } };
        }

        Error(400, error, await (await Operator.CallerAsync()).PostAsync("/svc/hydra/admin/clients", client));
    }

    private Task<OAuth2Client> NewClientAsync() => Operator.CreateClientAsync([_key.Jwk()]);

    private async Task<string> NewSecretClientAsync() => (await Operator.CreateClientAsync()).Id;

    private Task<Reply> TokenAsync(string assertion, params (string Name, string Value)[] more) =>
        Anonymous.PostAsync("/oauth2/token", TokenForm(assertion, more));

    private Task<Reply> RevokeAsync(string token, string assertion) => Anonymous.PostAsync(
        "/oauth2/revoke",
        OAuth2Flows.Form(("token", token), ("client_assertion_type", ClientKey.AssertionType), ("client_assertion", assertion)));

    private static FormUrlEncodedContent TokenForm(string assertion, params (string Name, string Value)[] more) => OAuth2Flows.Form(
    [
        ("grant_type", "client_credentials"),
        ("scope", "novaid.read"),
        ("audience", "novaid-api"),
        ("client_assertion_type", ClientKey.AssertionType),
        ("client_assertion", assertion),
        .. more,
    ]);

    private static void Error(int status, string error, Reply reply) => Assert.Equal(error, reply.Expect(status)["error"].GetString());
}
