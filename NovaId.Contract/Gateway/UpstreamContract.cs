namespace NovaId.Contract.Gateway;

/// <summary>What reaches the API: the gateway's word for who calls, and nothing that the caller could say of itself.</summary>
public abstract class UpstreamContract(IZone zone) : ZoneContract(zone)
{
    public static TheoryData<string> BlankHeaders { get; } =
    [
        "X-User", "X-User-Id", "X-User-Name", "X-User-Email", "X-User-Rank", "X-User-Role", "X-User-Roles", "X-User-Groups",
        "X-User-Permissions", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP",
    ];

    public static TheoryData<string> ForwardedHeaders { get; } =
        ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Uri", "X-Forwarded-User", "Forwarded"];

    [Fact]
    public async Task A_session_arrives_as_an_id_token_that_names_the_person_and_the_session()
    {
        var person = await SharedPersonAsync("Captain");

        var idToken = await VerifiedAsync(await SendAsync(person.Caller));

        Assert.Equal(person.Id, idToken["sub"]);
        Assert.Equal("session", idToken["auth_method"]);
        Assert.Equal(person.Session.Id, idToken["sid"]);
        Assert.Equal("aal1", idToken["acr"]);
        Assert.False(idToken.Has("client_id"));
        Assert.False(idToken.Has("scope"));
    }

    [Fact]
    public async Task A_cookie_arrives_as_an_id_token_that_names_the_person()
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, person);

        var idToken = await VerifiedAsync(await SendAsync(Anonymous.With("Cookie", $"novaid_session={browser.Cookies["novaid_session"]}")));

        Assert.Equal(person.Id, idToken["sub"]);
        Assert.Equal("session", idToken["auth_method"]);
        Assert.NotEqual(person.Session.Id, idToken["sid"]);
    }

    [Fact]
    public async Task An_access_token_arrives_as_an_id_token_that_names_the_person_and_the_app()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var tokens = await AuthorizeAsync(client, person, "novaid.read");

        var idToken = await VerifiedAsync(await SendAsync(Anonymous.WithBearer(tokens.Access)));

        Assert.Equal(person.Id, idToken["sub"]);
        Assert.Equal("oauth2", idToken["auth_method"]);
        Assert.Equal(client.Id, idToken["client_id"]);
        Assert.Equal("novaid.read", idToken["scope"]);
        Assert.False(idToken.Has("sid"));
    }

    [Fact]
    public async Task The_token_of_a_client_arrives_as_an_id_token_that_names_the_client()
    {
        var client = await Operator.CreateClientAsync();

        var idToken = await VerifiedAsync(await SendAsync(Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read"))));

        Assert.Equal(client.Id, idToken["sub"]);
        Assert.Equal(client.Id, idToken["client_id"]);
    }

    [Fact]
    public async Task The_callers_own_token_arrives_beside_the_id_token()
    {
        var token = await Tools.UserTokenAsync();

        var request = await SendAsync(Anonymous.WithBearer(token));

        Assert.Equal($"Bearer {token}", request.Headers["X-Orig-Authorization"]);
        Assert.NotEqual($"Bearer {token}", request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Nobody_passes_off_a_token_of_another_as_the_one_they_sent()
    {
        var person = await SharedPersonAsync();

        var request = await SendAsync(person.Caller.With("X-Orig-Authorization", $"Bearer {await Tools.UserTokenAsync()}"));

        Assert.True(string.IsNullOrEmpty(request.Headers.GetValueOrDefault("X-Orig-Authorization")));
    }

    [Theory]
    [MemberData(nameof(BlankHeaders))]
    public async Task What_a_caller_says_of_itself_does_not_arrive(string header)
    {
        var request = await SendAsync((await SharedPersonAsync()).Caller.With(header, "forged"));

        Assert.True(string.IsNullOrEmpty(request.Headers.GetValueOrDefault(header)));
    }

    [Theory]
    [MemberData(nameof(BlankHeaders))]
    public async Task What_a_caller_says_of_itself_does_not_arrive_on_an_open_route_either(string header)
    {
        var request = await SendAsync(Anonymous.With(header, "forged"), "/api/public");

        Assert.True(string.IsNullOrEmpty(request.Headers.GetValueOrDefault(header)));
    }

    [Theory]
    [MemberData(nameof(ForwardedHeaders))]
    public async Task A_forwarded_header_does_not_arrive(string header)
    {
        var request = await SendAsync((await SharedPersonAsync()).Caller.With(header, "forged"));

        Assert.False(request.Headers.ContainsKey(header));
    }

    [Theory]
    [MemberData(nameof(ForwardedHeaders))]
    public async Task A_forwarded_header_does_not_arrive_on_an_open_route_either(string header)
    {
        var request = await SendAsync(Anonymous.With(header, "203.0.113.7"), "/api/public");

        Assert.False(request.Headers.ContainsKey(header));
    }

    [Fact]
    public async Task An_open_route_arrives_without_an_id_token()
    {
        var request = await SendAsync(Anonymous, "/api/public");

        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Method_path_and_query_arrive_as_they_were_sent()
    {
        var person = await SharedPersonAsync();
        var marker = Guid.NewGuid().ToString();

        await person.Caller.With(IUpstreamRecorder.MarkerHeader, marker).DeleteAsync("/api/nothing%20here?a=1&b=%2F&c=");

        var request = Assert.Single(Recorder.Find(marker));
        Assert.Equal("DELETE", request.Method);
        Assert.Equal("/api/nothing%20here?a=1&b=%2F&c=", request.Target);
    }

    [Fact]
    public async Task A_path_arrives_cleaned()
    {
        var request = await SendAsync((await SharedPersonAsync()).Caller, "/api/../api//public/../me/");

        Assert.Equal("/api/me", request.Target);
    }

    [Fact]
    public async Task Trace_context_arrives()
    {
        const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        var request = await SendAsync((await SharedPersonAsync()).Caller.With("traceparent", TraceParent));

        Assert.Contains("0af7651916cd43dd8448eb211c80319c", request.Headers["traceparent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_is_refused_does_not_arrive()
    {
        var marker = Guid.NewGuid().ToString();

        (await Anonymous.With(IUpstreamRecorder.MarkerHeader, marker).GetAsync("/api/me")).ExpectByGateway(401);

        Assert.Empty(Recorder.Find(marker));
    }

    [Fact]
    public async Task The_keys_of_the_gateway_are_public_and_only_public()
    {
        var keys = (await Anonymous.GetAsync("/gw/.well-known/jwks.json")).Expect(200)["keys"].EnumerateArray().ToList();

        Assert.NotEmpty(keys);
        Assert.All(keys, key =>
        {
            Assert.Equal("EC", key.GetProperty("kty").GetString());
            Assert.Equal("P-256", key.GetProperty("crv").GetString());
            Assert.False(key.TryGetProperty("d", out _));
        });
    }

    private IUpstreamRecorder Recorder
    {
        get
        {
            Assert.SkipWhen(Zone.Upstream is null, $"Nothing stands between the gateway and the API on this zone ({Zone.Kind}).");
            return Zone.Upstream;
        }
    }

    private async Task<RecordedRequest> SendAsync(Caller caller, string target = "/api/me")
    {
        var recorder = Recorder;
        var marker = Guid.NewGuid().ToString();
        (await caller.With(IUpstreamRecorder.MarkerHeader, marker).GetAsync(target)).Expect(200);
        return Assert.Single(recorder.Find(marker));
    }

    private async Task<Jwt> VerifiedAsync(RecordedRequest request)
    {
        var authorization = request.Headers["Authorization"];
        Assert.StartsWith("Bearer ", authorization, StringComparison.Ordinal);
        var idToken = new Jwt(authorization["Bearer ".Length..]);
        Assert.Equal("ES256", idToken.Header.GetProperty("alg").GetString());
        Assert.True(idToken.IsSignedBy((await Anonymous.GetAsync("/gw/.well-known/jwks.json")).Expect(200).Json));
        Assert.Equal(Zone.Gateway.GetLeftPart(UriPartial.Authority), idToken["iss"]);
        Assert.Equal(["novaid-api"], idToken.Claims.GetProperty("aud").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(TimeSpan.FromMinutes(2), idToken.Time("exp") - idToken.Time("iat"));
        Assert.InRange(idToken.Time("nbf"), DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.NotEmpty(idToken["jti"]);
        return idToken;
    }
}
