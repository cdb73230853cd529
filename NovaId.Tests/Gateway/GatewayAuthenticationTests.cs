using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Tests.Gateway;

/// <summary>Who passes the rules of the house, with Kratos and Hydra played by the test.</summary>
public sealed class GatewayAuthenticationTests : IAsyncLifetime
{
    private const string Session =
        """{"id":"s1","active":true,"authenticator_assurance_level":"aal1","identity":{"id":"person-1","traits":{"email":"a@b"}}}""";

    private readonly TestGateway _gateway = TestGateway.New();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly Dictionary<string, string> _tokens = [];
    private FakeService _api = null!;
    private FakeService _kratos = null!;
    private FakeService _hydra = null!;
    private FakeService _admin = null!;
    private string _whoami = Session;
    private int _introspectionStatus = 200;
    private int _sessionStatus = 200;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway.Time = _time;
        _api = await _gateway.ServeAsync("api", 8080);
        _admin = await _gateway.ServeAsync("kratos", 4434);
        _kratos = await _gateway.ServeAsync("kratos", 4433, http =>
        {
            var good = http.Request.Headers["X-Session-Token"] == "good" || http.Request.Headers.Cookie.ToString().Contains("novaid_session=good", StringComparison.Ordinal);
            http.Response.Headers.RetryAfter = "7";
            return FakeService.Json(_whoami, good ? _sessionStatus : 401)(http);
        });
        _hydra = await _gateway.ServeAsync("hydra", 4445, async http =>
        {
            var form = await http.Request.ReadFormAsync();
            await FakeService.Json(_tokens.GetValueOrDefault(form["token"].ToString(), """{"active":false}"""), _introspectionStatus)(http);
        });
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Nobody_is_401()
    {
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/api/me"));
        Assert.Equal(0, _kratos.Calls + _hydra.Calls + _api.Calls);
    }

    [Theory]
    // bearer, session token, cookie; who decides
    [InlineData("good", null, null, 200)]
    [InlineData("bad", null, null, 401)]
    [InlineData(null, "good", null, 200)]
    [InlineData(null, "bad", null, 401)]
    [InlineData(null, null, "good", 200)]
    [InlineData(null, null, "bad", 401)]
    [InlineData("good", "bad", "bad", 200)]
    [InlineData("bad", "good", "good", 401)]
    [InlineData(null, "good", "bad", 200)]
    [InlineData(null, "bad", "good", 401)]
    [InlineData("", null, "good", 200)]
    public async Task The_first_credential_decides_and_a_bad_one_is_not_forgiven(string? bearer, string? session, string? cookie, int status)
    {
        _tokens["good"] = Token();
        await _gateway.StartAsync();

        Assert.Equal(status, (int)await GetAsync("/api/me", bearer, session, cookie));
        Assert.Equal(status == 200 ? 1 : 0, _api.Calls);
    }

    [Fact]
    public async Task A_session_check_carries_the_credential_and_nothing_else_of_the_request()
    {
        await _gateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/documents?x=1") { Content = new StringContent("body") };
        request.Headers.Add("X-Session-Token", "good");
        request.Headers.Add("X-Other", "1");
        request.Headers.Add("Cookie", "other=1");

        (await _gateway.Client.SendAsync(request, Cancelled)).EnsureSuccessStatusCode();

        var check = Assert.Single(_kratos.Requests);
        Assert.Equal("GET", check.Method);
        Assert.Equal("/sessions/whoami", check.Target);
        Assert.Equal("good", check.Headers["X-Session-Token"]);
        Assert.False(check.Headers.ContainsKey("X-Other"));
        Assert.False(check.Headers.ContainsKey("Cookie"));
        Assert.Equal("body", _api.Last.Body);
    }

    [Theory]
    [InlineData(403, 401)]
    [InlineData(500, 401)]
    [InlineData(302, 401)]
    [InlineData(429, 429)]
    public async Task What_Kratos_says_becomes_what_Oathkeeper_makes_of_it(int kratos, int gateway)
    {
        _sessionStatus = kratos;
        await _gateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Add("X-Session-Token", "good");

        using var response = await _gateway.Client.SendAsync(request, Cancelled);

        Assert.Equal(gateway, (int)response.StatusCode);
        Assert.Equal(gateway == 429 ? "7" : null, response.Headers.RetryAfter?.ToString());
        Assert.Equal(0, _api.Calls);
    }

    [Theory]
    [InlineData("no json", 403)]
    [InlineData("""{"identity":{"id":5}}""", 403)]
    [InlineData("""["identity"]""", 403)]
    public async Task A_session_that_cannot_be_read_is_refused(string whoami, int status)
    {
        _whoami = whoami;
        await _gateway.StartAsync();

        Assert.Equal(status, (int)await GetAsync("/api/me", session: "good"));
        Assert.Equal(0, _api.Calls);
    }

    [Fact]
    public async Task Kratos_out_of_reach_is_403_and_Hydra_out_of_reach_is_500()
    {
        await using var lonely = TestGateway.New();
        var api = await lonely.ServeAsync("api", 8080);
        await lonely.StartAsync();
        using var withSession = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        withSession.Headers.Add("X-Session-Token", "good");
        using var withBearer = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        withBearer.Headers.Authorization = new("Bearer", "good");

        using var session = await lonely.Client.SendAsync(withSession, Cancelled);
        using var bearer = await lonely.Client.SendAsync(withBearer, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, session.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, bearer.StatusCode);
        Assert.DoesNotContain("kratos", await session.Content.ReadAsStringAsync(Cancelled), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hydra", await bearer.Content.ReadAsStringAsync(Cancelled), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, api.Calls);
    }

    [Fact]
    public async Task The_session_reaches_the_API_as_an_id_token_that_the_public_keys_verify()
    {
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await GetAsync("/api/me", session: "good"));

        var token = await VerifiedAsync(_api.Last);
        Assert.Equal("person-1", token.Subject);
        Assert.Equal(["novaid-api"], token.Audiences);
        Assert.Equal("session", token.GetClaim("auth_method").Value);
        Assert.Equal("s1", token.GetClaim("sid").Value);
        Assert.Equal("aal1", token.GetClaim("acr").Value);
        Assert.False(token.TryGetClaim("client_id", out _));
        Assert.Equal(TimeSpan.FromMinutes(2), token.ValidTo - token.ValidFrom);
        Assert.Equal(token.IssuedAt, token.ValidFrom);
        Assert.NotEmpty(token.Id);
        Assert.Equal("JWT", token.Typ);
        Assert.Equal("", _api.Last.Headers["X-Orig-Authorization"]);
    }

    [Fact]
    public async Task An_access_token_reaches_the_API_beside_an_id_token_about_it()
    {
        _tokens["good"] = Token("\"sub\":\"person-2\",\"client_id\":\"app<1>\",\"scope\":\"novaid.read novaid.write\"");
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await GetAsync("/api/me", bearer: "good"));

        var token = await VerifiedAsync(_api.Last);
        Assert.Equal("person-2", token.Subject);
        Assert.Equal("oauth2", token.GetClaim("auth_method").Value);
        Assert.Equal("app<1>", token.GetClaim("client_id").Value);
        Assert.Equal("novaid.read novaid.write", token.GetClaim("scope").Value);
        Assert.Equal("Bearer good", _api.Last.Headers["X-Orig-Authorization"]);
    }

    [Fact]
    public async Task The_public_keys_hold_no_private_half()
    {
        await _gateway.StartAsync();

        var keys = await _gateway.Client.GetStringAsync("/gw/.well-known/jwks.json", Cancelled);

        var key = Assert.Single(JsonNode.Parse(keys)!["keys"]!.AsArray())!.AsObject();
        Assert.Equal(["use", "kty", "kid", "crv", "alg", "x", "y"], key.Select(member => member.Key));
    }

    [Fact]
    public async Task The_same_id_token_serves_until_a_tenth_of_its_life_is_left()
    {
        await _gateway.StartAsync();

        var first = await IdTokenAsync();
        _time.Advance(TimeSpan.FromSeconds(107));
        Assert.Equal(first, await IdTokenAsync());
        _time.Advance(TimeSpan.FromSeconds(2));
        var second = await IdTokenAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(new JsonWebToken(first).ValidFrom.AddSeconds(109), new JsonWebToken(second).ValidFrom);

        async Task<string> IdTokenAsync()
        {
            Assert.Equal(HttpStatusCode.OK, await GetAsync("/api/me", session: "good"));
            return _api.Last.Headers["Authorization"]["Bearer ".Length..];
        }
    }

    [Fact]
    public async Task Another_caller_never_gets_the_id_token_of_the_first()
    {
        await _gateway.StartAsync();
        await GetAsync("/api/me", session: "good");
        var first = await VerifiedAsync(_api.Last);
        _whoami = Session.Replace("person-1", "person-9", StringComparison.Ordinal);
        await GetAsync("/api/me", session: "good");
        var second = await VerifiedAsync(_api.Last);

        Assert.Equal("person-1", first.Subject);
        Assert.Equal("person-9", second.Subject);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Theory]
    [InlineData("\"scope\":\"kratos.identities.list\",\"aud\":[\"novaid-gateway\"]", 200)]
    [InlineData("\"scope\":\"a kratos.identities.list b\",\"aud\":\"novaid-gateway\"", 200)]
    [InlineData("\"scope\":\"kratos.identities.list.x\",\"aud\":[\"novaid-gateway\"]", 403)]
    [InlineData("\"scope\":\"kratos.identities\",\"aud\":[\"novaid-gateway\"]", 403)]
    [InlineData("\"scope\":\"kratos.identities.list\",\"aud\":[\"novaid-api\"]", 403)]
    [InlineData("\"scope\":\"kratos.identities.list\"", 403)]
    [InlineData("\"scope\":\"kratos.identities.list\",\"aud\":[\"novaid-gateway\"],\"token_use\":\"refresh_token\"", 403)]
    [InlineData("\"scope\":\"kratos.identities.list\",\"aud\":[\"novaid-gateway\"],\"active\":false", 401)]
    [InlineData("\"scope\":\"kratos.identities.list\",\"aud\":[\"novaid-gateway\"],\"exp\":1", 401)]
    [InlineData("\"scope\":\"kratos.identities.list\",\"aud\":[5]", 500)]
    [InlineData("\"scope\":7,\"aud\":[\"novaid-gateway\"]", 500)]
    public async Task A_service_route_takes_its_own_scope_and_audience_and_nothing_else(string members, int status)
    {
        _tokens["service"] = Token(members);
        await _gateway.StartAsync();

        Assert.Equal(status, (int)await GetAsync("/svc/kratos/admin/identities?page_size=1", bearer: "service"));

        Assert.Equal(status == 200 ? 1 : 0, _admin.Calls);
        if (status == 200)
        {
            Assert.Equal("/admin/identities?page_size=1", _admin.Last.Target);
            Assert.Equal("", _admin.Last.Headers["Authorization"]);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task Any_other_answer_of_the_introspection_is_500(int status)
    {
        _introspectionStatus = status;
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, await GetAsync("/api/me", bearer: "good"));
    }

    [Fact]
    public async Task A_session_passes_no_service_route()
    {
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/svc/kratos/admin/identities", session: "good", cookie: "good"));
        Assert.Equal(0, _admin.Calls);
    }

    [Fact]
    public async Task An_introspection_is_remembered_for_its_time_and_a_revocation_is_seen_after_it()
    {
        _tokens["service"] = Token("\"scope\":\"kratos.identities.list\",\"aud\":[\"novaid-gateway\"]");
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await GetAsync("/svc/kratos/admin/identities", bearer: "service"));
        _tokens["service"] = """{"active":false}""";
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/svc/kratos/admin/identities", bearer: "service"));
        Assert.Equal(1, _hydra.Calls);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/svc/kratos/admin/identities", bearer: "service"));
        Assert.Equal(2, _hydra.Calls);
    }

    [Fact]
    public async Task What_is_remembered_is_judged_anew_on_every_route_and_at_every_time()
    {
        var expires = _time.GetUtcNow().AddSeconds(10).ToUnixTimeSeconds();
        _tokens["service"] = Token($"\"scope\":\"kratos.identities.list\",\"aud\":[\"novaid-gateway\"],\"exp\":{expires}");
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await GetAsync("/svc/kratos/admin/identities", bearer: "service"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/svc/keto/relation-tuples", bearer: "service"));
        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/svc/kratos/admin/identities", bearer: "service"));
        Assert.Equal(1, _hydra.Calls);
    }

    [Fact]
    public async Task The_tokens_of_people_are_introspected_every_time()
    {
        _tokens["good"] = Token();
        await _gateway.StartAsync();

        await GetAsync("/api/me", bearer: "good");
        _tokens.Remove("good");

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/api/me", bearer: "good"));
    }

    [Theory]
    [InlineData("hierarchic", "photos", 200)]
    [InlineData("hierarchic", "photo", 403)]
    [InlineData("wildcard", "photos.*", 200)]
    [InlineData("wildcard", "*.read", 200)]
    [InlineData("wildcard", "photos", 403)]
    [InlineData("exact", "photos.read", 200)]
    [InlineData("exact", "photos.*", 403)]
    [InlineData("none", "anything", 200)]
    public async Task A_scope_strategy_decides_what_covers_a_scope(string strategy, string granted, int status)
    {
        _tokens["t"] = Token($"\"scope\":\"{granted}\"");
        _gateway.Rules = TestGateway.Rule(
            "/x", authenticators: $"- handler: oauth2_introspection\n  config:\n    scope_strategy: {strategy}\n    required_scope: [photos.read]");
        await _gateway.StartAsync();

        Assert.Equal(status, (int)await GetAsync("/x", bearer: "t"));
        Assert.Equal(strategy == "none" ? "token=t&scope=photos.read" : "token=t", _hydra.Last.Body);
    }

    [Fact]
    public async Task A_token_is_taken_from_where_the_rule_says()
    {
        _tokens["t"] = Token();
        _gateway.Rules =
            TestGateway.Rule("/query", id: "query", authenticators: "- handler: oauth2_introspection\n  config:\n    token_from:\n      query_parameter: token") +
            TestGateway.Rule("/cookie", id: "cookie", authenticators: "- handler: oauth2_introspection\n  config:\n    token_from:\n      cookie: at") +
            TestGateway.Rule("/prefix", id: "prefix", authenticators: "- handler: oauth2_introspection\n  config:\n    prefix: ory_");
        await _gateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await GetAsync("/query?a=1&token=t"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/query", bearer: "t"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/prefix", bearer: "t"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/cookie");
        request.Headers.Add("Cookie", "x=1; at=\"t\"");
        Assert.Equal(HttpStatusCode.OK, (await _gateway.Client.SendAsync(request, Cancelled)).StatusCode);
    }

    private static string Token(string members = "\"sub\":\"someone\",\"client_id\":\"app\",\"scope\":\"novaid.read\"")
    {
        var token = new JsonObject { ["active"] = true, ["token_use"] = "access_token", ["sub"] = "someone", ["client_id"] = "app" };
        foreach (var (name, value) in JsonNode.Parse("{" + members + "}")!.AsObject())
        {
            token[name] = value?.DeepClone();
        }

        return token.ToJsonString();
    }

    private async Task<HttpStatusCode> GetAsync(string path, string? bearer = null, string? session = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", bearer.Length > 0 ? $"Bearer {bearer}" : "");
        }

        if (session is not null)
        {
            request.Headers.Add("X-Session-Token", session);
        }

        if (cookie is not null)
        {
            request.Headers.Add("Cookie", $"novaid_session={cookie}");
        }

        using var response = await _gateway.Client.SendAsync(request, Cancelled);
        return response.StatusCode;
    }

    private async Task<JsonWebToken> VerifiedAsync(ReceivedRequest received)
    {
        var keys = new JsonWebKeySet(await _gateway.Client.GetStringAsync("/gw/.well-known/jwks.json", Cancelled));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(received.Headers["Authorization"]["Bearer ".Length..], new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidIssuer = TestGateway.Issuer,
            ValidAudience = "novaid-api",
            ValidAlgorithms = ["ES256"],
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }
}
