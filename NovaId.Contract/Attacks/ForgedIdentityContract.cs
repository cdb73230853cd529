using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NovaId.Contract.Attacks;

/// <summary>Attempts to be somebody else: by headers, and by id_tokens that the gateway did not make for this call.</summary>
public abstract class ForgedIdentityContract(IZone zone) : AttackContract(zone)
{
    private const string Guarded = "/api/users?pageSize=1";

    public static TheoryData<string> ForgedTokens { get; } =
    [
        "none in other letters", "no algorithm", "HS256 with the coordinates of the public key", "HS256 with the public key as PEM",
        "HS256 with the key set as text", "HS256 without a secret", "an empty signature", "a signature of zeros", "a key in the header",
        "the address of a key set in the header", "a certificate in the header", "no key id", "a key id that is a path", "a key id that is SQL",
        "a key id that is a list", "a key id of Hydra", "a critical extension", "another type", "an encrypted token", "an unencoded payload",
    ];

    /// <summary>How a genuine token is altered, by claim and new value.</summary>
    public static TheoryData<string, string> Alterations { get; } = new()
    {
        { "iss", "\"https://evil.test\"" },
        { "aud", "[\"somebody-else\"]" },
        { "aud", "[]" },
        { "exp", "4102444800" },
        { "nbf", "0" },
        { "acr", "\"aal2\"" },
        { "auth_method", "\"oauth2\"" },
        { "rank", "\"General\"" },
    };

    [Theory]
    [InlineData("X-Forwarded-User")]
    [InlineData("X-Forwarded-Email")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Client-Cert")]
    [InlineData("X-Orig-Authorization")]
    [InlineData("True-Client-IP")]
    [InlineData("X-User-Id")]
    [InlineData("x-user-id")]
    [InlineData("X-USER-RANK")]
    [InlineData("X_User_Rank")]
    [InlineData("X-Remote-User")]
    [InlineData("Remote-User")]
    [InlineData("X-Auth-Request-User")]
    [InlineData("X-Session-Id")]
    [InlineData("X-Kratos-Authenticated-Identity-Id")]
    public async Task A_private_who_calls_himself_a_general_in_a_header_stays_a_private(string header)
    {
        var (person, general) = (await SharedPersonAsync("Private"), await SharedPersonAsync("General"));
        var value = header.Contains("rank", StringComparison.OrdinalIgnoreCase) ? "General" : general.Id;

        await RefusedByApiAsync(person.Caller.With(header, value), "GET", Guarded, 403, subject: person.Id);

        Assert.Equal(person.Id, (await person.Caller.With(header, value).GetAsync("/api/me")).Expect(200)["id"].GetString());
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("True-Client-IP", "127.0.0.1")]
    [InlineData("X-Forwarded-Access-Token", "x")]
    [InlineData("Forwarded", "for=127.0.0.1;host=kratos")]
    [InlineData("Proxy-Authorization", "Bearer x")]
    [InlineData("X-Original-Method", "OPTIONS")]
    public async Task A_stranger_who_comes_from_within_by_his_own_word_stays_a_stranger(string header, string value)
    {
        await RefusedByGatewayAsync(Anonymous.With(header, value), "GET", "/api/me", 401);
        await RefusedByGatewayAsync(Anonymous.With(header, value), "GET", "/svc/kratos/admin/identities", 401);
    }

    [Fact]
    public async Task A_header_that_the_gateway_sets_arrives_once_however_often_and_however_it_is_written()
    {
        Assert.SkipWhen(Zone.Upstream is null, $"Nothing stands between the gateway and the API on this zone ({Zone.Kind}).");
        var (person, general) = (await SharedPersonAsync("Private"), await SharedPersonAsync("General"));
        var marker = Guid.NewGuid().ToString();
        using var connection = await RawConnection.OpenAsync(Zone.Gateway, Zone.GatewayCertificate);

        var answer = await connection.SendAsync(
            $"GET /api/me HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nConnection: close\r\nX-Session-Token: {person.Session.Token}\r\n"
            + $"{IUpstreamRecorder.MarkerHeader}: {marker}\r\n"
            + $"X-User-Id: {general.Id}\r\nx-user-id: {general.Id}\r\nX-USER-ID: {general.Id}\r\n"
            + "x-orig-authorization: Bearer a\r\nX-ORIG-AUTHORIZATION: Bearer b\r\ntrue-client-ip: 1.1.1.1\r\nTRUE-CLIENT-IP: 2.2.2.2\r\n\r\n");

        Assert.Equal([200], answer.Statuses);
        var request = Assert.Single(Zone.Upstream.Find(marker));
        Assert.Equal("", request.Headers.GetValueOrDefault("X-User-Id", ""));
        Assert.Equal("", request.Headers.GetValueOrDefault("X-Orig-Authorization", ""));
        Assert.Equal("", request.Headers.GetValueOrDefault("True-Client-IP", ""));
        Assert.Equal(person.Id, new Jwt(request.Headers["Authorization"]["Bearer ".Length..])["sub"]);
    }

    [Fact]
    public async Task A_header_named_as_belonging_to_the_connection_is_not_dropped_on_the_way()
    {
        var (person, general) = (await SharedPersonAsync("Private"), await SharedPersonAsync("General"));
        using var connection = await RawConnection.OpenAsync(Zone.Gateway, Zone.GatewayCertificate);

        // A proxy takes out what Connection names: it must not be made to take out the id_token and leave a claim of the caller.
        var answer = await connection.SendAsync(
            $"GET {Guarded} HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nConnection: close, Authorization, X-User-Id, X-Orig-Authorization\r\n"
            + $"X-Session-Token: {person.Session.Token}\r\nX-User-Id: {general.Id}\r\n\r\n");

        Assert.Single(answer.Statuses);
        Assert.Contains(answer.Statuses[0], (int[])[401, 403]);
        Discreet(answer.Text, person.Session.Token);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-Session-Token", "")]
    public async Task A_good_credential_behind_a_bad_one_of_the_same_name_is_not_looked_for(string header, string prefix)
    {
        var good = header == "Authorization" ? await Tools.UserTokenAsync() : (await SharedPersonAsync()).Session.Token;
        using var connection = await RawConnection.OpenAsync(Zone.Gateway, Zone.GatewayCertificate);

        var answer = await connection.SendAsync(
            $"GET /api/me HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nConnection: close\r\n"
            + $"{header}: {prefix}ory_at_nothing.nothing\r\n{header.ToLowerInvariant()}: {prefix}{good}\r\n\r\n");

        Assert.Equal([401], answer.Statuses);
        Discreet(answer.Text, good);
    }

    [Theory]
    [MemberData(nameof(ForgedTokens))]
    public async Task A_token_that_looks_like_the_gateways_counts_for_nobody(string forgery) =>
        await RefusedByApiAsync(Direct.WithBearer(await ForgeAsync(forgery)), "GET", Guarded, 401);

    [Theory]
    [MemberData(nameof(Alterations))]
    public async Task A_genuine_id_token_with_another_claim_counts_for_nobody(string claim, string value)
    {
        var genuine = await IdTokenAsync((await SharedPersonAsync("General")).Caller);
        var altered = ForgedToken.Altered(genuine, claims =>
        {
            claims[claim] = JsonSerializer.Deserialize<JsonElement>(value);
            return claims;
        });
        (await Direct.WithBearer(genuine).GetAsync(Guarded)).Expect(200);

        await RefusedByApiAsync(Direct.WithBearer(altered), "GET", Guarded, 401);
    }

    [Theory]
    [InlineData("Basic ")]
    [InlineData("DPoP ")]
    [InlineData("")]
    [InlineData("Bearer  ")]
    [InlineData("Bearer x, Bearer ")]
    public async Task A_genuine_id_token_counts_only_as_one_bearer_token(string scheme)
    {
        var genuine = await IdTokenAsync((await SharedPersonAsync("General")).Caller);

        await RefusedByApiAsync(Direct.With("Authorization", scheme + genuine), "GET", Guarded, 401);
    }

    [Theory]
    [InlineData("?access_token=")]
    [InlineData("?token=")]
    [InlineData("?id_token=")]
    public async Task A_genuine_id_token_in_the_address_counts_for_nobody(string query)
    {
        var genuine = await IdTokenAsync((await SharedPersonAsync("General")).Caller);

        await RefusedByApiAsync(Direct, "GET", $"/api/users{query}{genuine}", 401);
    }

    [Fact]
    public async Task Two_genuine_id_tokens_count_for_nobody()
    {
        var (first, second) = (await SharedPersonAsync("Private"), await SharedPersonAsync("General"));
        var (one, other) = (await IdTokenAsync(first.Caller), await IdTokenAsync(second.Caller));
        Assert.SkipWhen(Zone.Api is null, $"The API is out of reach past the gateway on this zone ({Zone.Kind}).");
        using var connection = await RawConnection.OpenAsync(Zone.Api, Zone.ApiCertificate);

        var answer = await connection.SendAsync(
            $"GET {Guarded} HTTP/1.1\r\nHost: {Zone.Api.Authority}\r\nConnection: close\r\n"
            + $"Authorization: Bearer {one}\r\nauthorization: Bearer {other}\r\n\r\n");

        Assert.Equal([401], answer.Statuses);
        Discreet(answer.Text, one, other);
    }

    [Fact]
    public async Task A_captured_id_token_is_no_access_token_at_the_gateway()
    {
        var genuine = await IdTokenAsync((await SharedPersonAsync("General")).Caller);

        await RefusedByGatewayAsync(Anonymous.WithBearer(genuine), "GET", Guarded, 401);
        await RefusedByGatewayAsync(Anonymous.WithBearer(genuine), "GET", "/svc/kratos/admin/identities", 401);
        await RefusedByGatewayAsync(Anonymous.WithSessionToken(genuine), "GET", Guarded, 401);
    }

    [Fact]
    public async Task A_genuine_id_token_of_a_private_with_the_token_of_a_general_beside_it_stays_that_of_a_private()
    {
        var (person, general) = (await SharedPersonAsync("Private"), await SharedPersonAsync("General"));
        var tokens = await AuthorizeAsync(await Operator.CreateClientAsync(), general);
        var caller = Direct.WithBearer(await IdTokenAsync(person.Caller)).With("X-Orig-Authorization", $"Bearer {tokens.Access}");

        await RefusedByApiAsync(caller, "GET", Guarded, 403, subject: person.Id);
    }

    [Fact]
    public async Task A_service_token_straight_to_the_API_counts_for_nobody()
    {
        var token = await Tools.ServiceTokenAsync(Operator.Scopes);

        await RefusedByApiAsync(Direct.WithBearer(token), "GET", Guarded, 401);
        await RefusedByApiAsync(Direct.With("X-Orig-Authorization", $"Bearer {token}"), "GET", Guarded, 401);
    }

    [Fact]
    public async Task An_ID_token_that_Hydra_made_for_the_audience_of_the_API_counts_for_nobody()
    {
        var general = await SharedPersonAsync("General");
        var flow = NewFlow(await Operator.CreateClientAsync());
        var tokens = await flow.RedeemAsync(await flow.GrantAsync(general.Id));
        var idToken = new Jwt(tokens.Id!);
        Assert.Equal(Zone.Gateway.GetLeftPart(UriPartial.Authority), idToken["iss"]);

        await RefusedByApiAsync(Direct.WithBearer(tokens.Id!).With("X-Orig-Authorization", $"Bearer {tokens.Access}"), "GET", Guarded, 401);
    }

    private async Task<string> ForgeAsync(string forgery)
    {
        var keys = (await Anonymous.GetAsync("/gw/.well-known/jwks.json")).Expect(200);
        var key = keys["keys"][0];
        var kid = key.GetProperty("kid").GetString()!;
        byte[] Member(string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
        var point = new ECPoint { X = Member("x"), Y = Member("y") };
        using var known = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
        var claims = await GeneralClaimsAsync();
        string Hashed(byte[] secret) =>
            ForgedToken.Signed(new { alg = "HS256", typ = "JWT", kid }, claims, data => HMACSHA256.HashData(secret, data));
        string Own(Dictionary<string, object> header) =>
            ForgedToken.SelfSigned(claims, _ => new Dictionary<string, object>(header) { ["alg"] = "ES256" });
        return forgery switch
        {
            "none in other letters" => ForgedToken.Signed(new { alg = "nOnE", typ = "JWT", kid }, claims, _ => []),
            "no algorithm" => ForgedToken.Signed(new { typ = "JWT", kid }, claims, _ => []),
            "HS256 with the coordinates of the public key" => Hashed([.. point.X!, .. point.Y!]),
            "HS256 with the public key as PEM" => Hashed(Encoding.ASCII.GetBytes(known.ExportSubjectPublicKeyInfoPem())),
            "HS256 with the key set as text" => Hashed(Encoding.UTF8.GetBytes(keys.Body)),
            "HS256 without a secret" => Hashed([]),
            "an empty signature" => ForgedToken.Signed(new { alg = "ES256", typ = "JWT", kid }, claims, _ => []),
            "a signature of zeros" => ForgedToken.Signed(new { alg = "ES256", typ = "JWT", kid }, claims, _ => new byte[64]),
            "a key in the header" => ForgedToken.SelfSigned(claims, own => new { alg = "ES256", typ = "JWT", kid, jwk = PublicKey(own, kid) }),
            "the address of a key set in the header" => Own(new() { ["typ"] = "JWT", ["kid"] = kid, ["jku"] = "http://127.0.0.1:3000/jwks.json" }),
            "a certificate in the header" => Own(new() { ["typ"] = "JWT", ["kid"] = kid, ["x5c"] = new[] { "MIIB" } }),
            "no key id" => Own(new() { ["typ"] = "JWT" }),
            "a key id that is a path" => Own(new() { ["typ"] = "JWT", ["kid"] = "../../../../dev/null" }),
            "a key id that is SQL" => Own(new() { ["typ"] = "JWT", ["kid"] = "' UNION SELECT 'key' --" }),
            "a key id that is a list" => Own(new() { ["typ"] = "JWT", ["kid"] = new[] { kid } }),
            "a key id of Hydra" => Own(new() { ["typ"] = "JWT", ["kid"] = await KeyIdOfHydraAsync() }),
            "a critical extension" => Own(new() { ["typ"] = "JWT", ["kid"] = kid, ["crit"] = new[] { "b64" }, ["b64"] = true }),
            "another type" => Own(new() { ["typ"] = "at+jwt", ["kid"] = kid }),
            "an encrypted token" => $"{ForgedToken.Encode(new { alg = "dir", enc = "A128GCM", kid })}..AAAA.AAAA.AAAA",
            "an unencoded payload" => $"{ForgedToken.Encode(new { alg = "none", b64 = false, kid })}.{{}}.",
            _ => throw new ArgumentOutOfRangeException(nameof(forgery), forgery, "There is no such forgery."),
        };
    }

    private async Task<string> KeyIdOfHydraAsync() =>
        (await Anonymous.GetAsync("/.well-known/jwks.json")).Expect(200)["keys"][0].GetProperty("kid").GetString()!;

    private static object PublicKey(ECDsa key, string kid)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new { kty = "EC", crv = "P-256", alg = "ES256", kid, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
    }
}
