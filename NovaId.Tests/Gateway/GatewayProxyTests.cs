using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Tests.Gateway;

public sealed class GatewayProxyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_rule_is_404_in_the_error_shape_of_the_gateway()
    {
        await using var gateway = await TestGateway.New().StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Add("X-Request-Id", "r1");

        using var response = await gateway.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            """{"error":{"code":404,"status":"Not Found","request":"r1","message":"The requested resource could not be found"}}""" + "\n",
            await response.Content.ReadAsStringAsync(Cancelled));
        Assert.True(response.Headers.Contains("Ory-Error-Id"));
    }

    [Fact]
    public async Task Two_rules_are_500_and_nothing_is_forwarded()
    {
        await using var gateway = TestGateway.New();
        gateway.Rules = TestGateway.Rule("/a/<.+>", id: "one") + TestGateway.Rule("/<a|b>/x", id: "two");
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        Assert.Equal(500, await gateway.StatusOfAsync("/a/x"));
        Assert.Equal(200, await gateway.StatusOfAsync("/b/x"));
        Assert.Equal(1, api.Calls);
    }

    [Fact]
    public async Task A_verbose_answer_says_why()
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = TestGateway.EveryHandler.Replace("verbose: false", "verbose: true", StringComparison.Ordinal);
        gateway.Rules = TestGateway.Rule("/x", authorizer: "handler: deny");
        await gateway.StartAsync();

        using var response = await gateway.Client.GetAsync("/x", Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["error"]!;
        Assert.Equal("Access credentials are not sufficient to access this resource", (string)error["message"]!);
    }

    [Fact]
    public async Task The_error_handler_of_a_rule_goes_before_the_fallback()
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = TestGateway.EveryHandler;
        gateway.Rules = TestGateway.Rule(
            "/x", authenticators: "- handler: unauthorized", tail: "errors:\n    - handler: json\n      config:\n        verbose: true");
        await gateway.StartAsync();

        using var response = await gateway.Client.GetAsync("/x", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("Access credentials are invalid", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", 302)]
    [InlineData("application/json, text/html;q=0.9", 302)]
    [InlineData("application/json", 401)]
    [InlineData("*/*", 401)]
    [InlineData("text/*", 401)]
    [InlineData(null, 401)]
    public async Task A_redirect_answers_where_its_conditions_hold(string? accept, int status)
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = TestGateway.EveryHandler;
        gateway.Rules = TestGateway.Rule("/x", authenticators: "- handler: unauthorized", tail: "errors:\n    - handler: redirect");
        await gateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/x?a=1&b=%20");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await gateway.Client.SendAsync(request, Cancelled);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(
            status == 302 ? $"/accounts/enter?return_to={Uri.EscapeDataString($"{gateway.Address}x?a=1&b=%20")}" : null,
            response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Two_handlers_that_are_responsible_are_500()
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = TestGateway.EveryHandler;
        gateway.Rules = TestGateway.Rule(
            "/x", authenticators: "- handler: unauthorized", tail: "errors:\n    - handler: redirect\n    - handler: json");
        await gateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/x");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");

        using var response = await gateway.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(401, await gateway.StatusOfAsync("/x"));
    }

    [Theory]
    [InlineData("/api/health", 200, "/api/health")]
    [InlineData("//api//health/", 200, "/api/health")]
    [InlineData("/x/..%2fapi/health", 200, "/api/health")]
    [InlineData("/API/health", 404, null)]
    [InlineData("/api/health/x", 401, null)]
    [InlineData("/%61pi/health", 200, "/%61pi/health")]
    [InlineData("/api/public?x=1&y=%20", 200, "/api/public?x=1&y=%20")]
    [InlineData("http://127.0.0.1/api/health", 200, "/api/health")]
    [InlineData("http://elsewhere.example/api/health", 200, "/api/health")]
    [InlineData("http://elsewhere.example/svc/kratos/admin/identities", 401, null)]
    [InlineData("http://elsewhere.example", 404, null)]
    [InlineData("//svc//kratos/admin/identities", 401, null)]
    [InlineData("/api/public/../../svc/kratos/admin/identities", 401, null)]
    [InlineData("/svc/kratos/admin/identities/", 401, null)]
    [InlineData("/api/%zz", 400, null)]
    [InlineData("/api/%00", 400, null)]
    public async Task A_target_is_judged_as_the_upstream_will_read_it(string target, int status, string? received)
    {
        await using var gateway = TestGateway.New();
        var api = await gateway.ServeAsync("api", 8080);
        var kratos = await gateway.ServeAsync("kratos", 4434);
        await gateway.StartAsync();

        Assert.Equal(status, await gateway.StatusOfAsync(target));
        Assert.Equal(received, api.Requests.SingleOrDefault()?.Target);
        Assert.Equal(0, kratos.Calls);
    }

    [Theory]
    [InlineData("GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET /api/health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET /api/health HTTP/1.1\r\nHost: a/../svc\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200")]
    [InlineData("CONNECT kratos:4434 HTTP/1.1\r\nHost: kratos:4434\r\nConnection: close\r\n\r\n", "502")]
    public async Task A_strange_request_line_or_host_reaches_nothing(string request, string status)
    {
        await using var gateway = TestGateway.New();
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", await gateway.SendRawAsync(request), StringComparison.Ordinal);
        Assert.Equal(0, api.Calls);
    }

    [Fact]
    public async Task A_target_that_is_too_long_is_refused()
    {
        await using var gateway = TestGateway.New();
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        Assert.Equal(414, await gateway.StatusOfAsync("/api/public?" + new string('x', 1_100_000)));
        Assert.Equal(0, api.Calls);
    }

    [Fact]
    public async Task The_listener_speaks_HTTP_1_1_only()
    {
        await using var gateway = await TestGateway.New().StartAsync();

        var answer = await gateway.SendRawAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_client_says_of_itself_is_blanked_and_what_it_says_of_forwarding_is_dropped()
    {
        await using var gateway = TestGateway.New();
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/public");
        string[] blanked = ["X-User", "X-User-Id", "X-User-Rank", "X-User-Roles", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Orig-Authorization"];
        string[] dropped = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Anything", "Forwarded", "Keep-Alive", "Proxy-Authorization"];
        foreach (var name in blanked.Concat(dropped))
        {
            request.Headers.TryAddWithoutValidation(name, ["General", "admin"]);
        }

        request.Headers.Add("X-Kept", ["a", "b"]);
        request.Headers.Add("Cookie", "c=1");

        (await gateway.Client.SendAsync(request, Cancelled)).EnsureSuccessStatusCode();

        var headers = api.Last.Headers;
        Assert.All(blanked, name => Assert.Equal("", headers.GetValueOrDefault(name, "")));
        Assert.All(dropped, name => Assert.False(headers.ContainsKey(name)));
        Assert.True(headers.ContainsKey("X-User-Id"));
        Assert.Equal("a, b", headers["X-Kept"]);
        Assert.Equal("c=1", headers["Cookie"]);
        Assert.Equal("api:8080", headers["Host"]);
    }

    [Fact]
    public async Task A_client_cannot_have_the_connection_header_strip_what_the_gateway_sets()
    {
        await using var gateway = TestGateway.New();
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        await gateway.SendRawAsync(
            "GET /api/public HTTP/1.0\r\nHost: h\r\nX-Mine: 1\r\nX-User-Id: General\r\nConnection: X-Mine, X-User-Id\r\n\r\n");

        Assert.False(api.Last.Headers.ContainsKey("X-Mine"));
        Assert.Equal("", api.Last.Headers["X-User-Id"]);
    }

    [Fact]
    public async Task The_host_of_the_client_is_kept_where_the_rule_says_so()
    {
        await using var gateway = TestGateway.New();
        var kratos = await gateway.ServeAsync("kratos", 4433);
        await gateway.StartAsync();

        using var response = await gateway.Client.GetAsync("/.ory/kratos/public/sessions/whoami?x=1", Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("/sessions/whoami?x=1", kratos.Last.Target);
        Assert.Equal(gateway.Address.Authority, kratos.Last.Headers["Host"]);
    }

    [Fact]
    public async Task The_answer_comes_back_as_the_upstream_gave_it()
    {
        await using var gateway = TestGateway.New();
        await gateway.ServeAsync("api", 8080, http =>
        {
            http.Response.StatusCode = 303;
            http.Response.Headers.SetCookie = new(["a=1; HttpOnly", "b=2"]);
            http.Response.Headers.Location = "/elsewhere";
            http.Response.Headers.Connection = "X-Hop";
            http.Response.Headers["X-Hop"] = "1";
            http.Response.Headers.Vary = "Accept";
            return http.Response.WriteAsync("body");
        });
        await gateway.StartAsync();

        using var response = await gateway.Client.GetAsync("/api/public", Cancelled);

        Assert.Equal(HttpStatusCode.RedirectMethod, response.StatusCode);
        Assert.Equal(["a=1; HttpOnly", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal("/elsewhere", response.Headers.Location!.ToString());
        Assert.False(response.Headers.Contains("X-Hop"));
        Assert.Equal(["Origin", "Accept"], response.Headers.GetValues("Vary"));
        Assert.Equal("body", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task A_body_is_streamed_both_ways_and_keeps_its_type()
    {
        await using var gateway = TestGateway.New();
        gateway.Rules = TestGateway.Rule("/echo", methods: "POST");
        await gateway.ServeAsync("api", 8080, async http =>
        {
            http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            http.Response.ContentType = http.Request.ContentType;
            using var received = new MemoryStream();
            await http.Request.Body.CopyToAsync(received);
            received.Position = 0;
            await received.CopyToAsync(http.Response.Body);
        });
        await gateway.StartAsync();
        var sent = new byte[31_000_000];
        new Random(1).NextBytes(sent);
        using var content = new ByteArrayContent(sent);
        content.Headers.ContentType = new("application/x-something");

        using var response = await gateway.Client.PostAsync("/echo", content, Cancelled);

        Assert.Equal("application/x-something", response.Content.Headers.ContentType!.ToString());
        var received = await response.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task An_upstream_that_nobody_serves_is_502_and_the_answer_names_nothing()
    {
        await using var gateway = await TestGateway.New().StartAsync();

        using var response = await gateway.Client.GetAsync("/api/public", Cancelled);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_in_time_is_504()
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = gateway.Oathkeeper.Replace("read: 30s", "read: 1s", StringComparison.Ordinal);
        gateway.Rules = TestGateway.Rule("/echo", methods: "POST");
        await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        var answer = await gateway.SendRawAsync("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc");

        Assert.StartsWith("HTTP/1.1 504 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_cut_off()
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = gateway.Oathkeeper.Replace("write: 30s", "write: 1s", StringComparison.Ordinal);
        await gateway.ServeAsync("api", 8080, http => Task.Delay(TimeSpan.FromMinutes(1), http.RequestAborted));
        await gateway.StartAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Client.GetAsync("/api/public", Cancelled));
    }

    [Fact]
    public async Task A_websocket_passes()
    {
        await using var gateway = TestGateway.New();
        gateway.Rules = TestGateway.Rule("/socket");
        await gateway.ServeAsync("api", 8080, async http =>
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, http.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
        });
        await gateway.StartAsync();
        using var client = new ClientWebSocket();

        await client.ConnectAsync(new Uri($"ws://{gateway.Address.Authority}/socket"), Cancelled);
        var buffer = new byte[100];
        var received = await client.ReceiveAsync(buffer, Cancelled);

        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
    }

    [Fact]
    public async Task A_preflight_from_a_listed_origin_is_answered_by_the_gateway()
    {
        await using var gateway = TestGateway.New();
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        using var response = await PreflightAsync(gateway, "http://localhost:3000", "PUT", "authorization,content-type");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("http://localhost:3000", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("PUT", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal("authorization,content-type", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Credentials")));
        Assert.Equal("600", Assert.Single(response.Headers.GetValues("Access-Control-Max-Age")));
        Assert.Equal(0, api.Calls);
    }

    [Theory]
    [InlineData("http://evil.example", "PUT", "authorization")]
    [InlineData("null", "PUT", "authorization")]
    [InlineData("http://localhost:3000.evil.example", "GET", "")]
    [InlineData("http://localhost:3000", "TRACE", "")]
    [InlineData("http://localhost:3000", "PUT", "x-user-id")]
    [InlineData("http://localhost:3000", "PUT", "content-type,authorization")]
    public async Task Any_other_preflight_is_answered_without_leave(string origin, string method, string headers)
    {
        await using var gateway = await TestGateway.New().StartAsync();

        using var response = await PreflightAsync(gateway, origin, method, headers);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_of_a_listed_origin_may_read_answers_and_errors()
    {
        await using var gateway = TestGateway.New();
        await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        foreach (var path in (string[])["/api/public", "/nowhere"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Origin", "http://localhost:3000");
            using var response = await gateway.Client.SendAsync(request, Cancelled);

            Assert.Equal("http://localhost:3000", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
            Assert.Equal("true", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Credentials")));
            Assert.Contains("Location", Assert.Single(response.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_trace_passes_unchanged_while_nobody_listens_and_is_continued_when_somebody_does()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        const string Incoming = $"00-{Trace}-b7ad6b7169203331-01";
        await using var gateway = TestGateway.New();
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        await SendAsync();
        Assert.Equal(Incoming, api.Last.Headers["traceparent"]);

        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "NovaId.Emulator.Gateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId.ToString() == Trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        await SendAsync();
        Assert.StartsWith($"00-{Trace}-", api.Last.Headers["traceparent"], StringComparison.Ordinal);
        Assert.NotEqual(Incoming, api.Last.Headers["traceparent"]);

        async Task SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/public");
            request.Headers.Add("traceparent", Incoming);
            (await gateway.Client.SendAsync(request, Cancelled)).EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task A_capture_group_and_the_noop_mutator_do_what_they_do_in_Oathkeeper()
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = TestGateway.EveryHandler;
        gateway.Rules = TestGateway.Rule(
            "/people/<[^/]+>",
            authenticators: "- handler: anonymous\n  config:\n    subject: guest",
            mutators: "- handler: noop\n- handler: header\n  config:\n    headers:\n      X-Person: '{{ printIndex .MatchContext.RegexpCaptureGroups 2 }}'\n      X-User-Id: '{{ print .Subject }}'");
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/people/j%C3%B6rg");
        request.Headers.Add("X-Many", ["a", "b"]);

        (await gateway.Client.SendAsync(request, Cancelled)).EnsureSuccessStatusCode();

        Assert.Equal("jörg", api.Last.Headers["X-Person"]);
        Assert.Equal("guest", api.Last.Headers["X-User-Id"]);
    }

    [Fact]
    public async Task A_capture_group_cannot_smuggle_a_header_line()
    {
        await using var gateway = TestGateway.New();
        gateway.Rules = TestGateway.Rule(
            "/people/<[^/]+>", mutators: "- handler: header\n  config:\n    headers:\n      X-Person: '{{ printIndex .MatchContext.RegexpCaptureGroups 2 }}'");
        var api = await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        Assert.Equal(502, await gateway.StatusOfAsync("/people/x%0d%0aX-User-Id:%20General"));
        Assert.Equal(0, api.Calls);
    }

    [Fact]
    public async Task An_anonymous_rule_is_not_responsible_for_who_brings_credentials()
    {
        await using var gateway = TestGateway.New();
        gateway.Oathkeeper = TestGateway.EveryHandler;
        gateway.Rules = TestGateway.Rule("/x", authenticators: "- handler: anonymous");
        await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();

        Assert.Equal(200, await gateway.StatusOfAsync("/x"));
        var answer = await gateway.SendRawAsync("GET /x HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_finds_a_rule_among_two_hundred_quickly()
    {
        await using var gateway = TestGateway.New();
        gateway.Rules = string.Concat(Enumerable.Range(0, 200).Select(i => TestGateway.Rule($"/svc/{i}/<[0-9a-f]{{8}}-[0-9a-f]+>/x", id: $"rule-{i}")));
        await gateway.ServeAsync("api", 8080);
        await gateway.StartAsync();
        Assert.Equal(200, await gateway.StatusOfAsync("/svc/199/01234567-89/x"));

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 300; i++)
        {
            (await gateway.Client.GetAsync($"/svc/{i % 200}/01234567-89/x", Cancelled)).EnsureSuccessStatusCode();
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"300 requests took {watch.Elapsed}.");
    }

    [Fact]
    public async Task The_api_listener_is_reached_by_its_own_rule_and_nothing_else_of_it_is()
    {
        await using var gateway = await TestGateway.New().StartAsync();
        using var inside = new HttpClient(gateway.Network.CreateHandler()) { BaseAddress = new Uri("http://127.0.0.1:4456") };

        Assert.Equal(HttpStatusCode.OK, (await inside.GetAsync("/health/alive", Cancelled)).StatusCode);
        Assert.Equal("""{"status":"ok"}""", (await inside.GetStringAsync("/health/ready", Cancelled)).Trim());
        Assert.Equal(HttpStatusCode.NotFound, (await inside.GetAsync("/rules", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await inside.GetAsync("/decisions", Cancelled)).StatusCode);
        Assert.Equal(200, await gateway.StatusOfAsync("/gw/.well-known/jwks.json"));
        Assert.Equal(404, await gateway.StatusOfAsync("/gw/rules"));
        Assert.Equal(404, await gateway.StatusOfAsync("/gw/health/alive"));
    }

    private static async Task<HttpResponseMessage> PreflightAsync(TestGateway gateway, string origin, string method, string headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/users");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        if (headers.Length > 0)
        {
            request.Headers.Add("Access-Control-Request-Headers", headers);
        }

        return await gateway.Client.SendAsync(request, Cancelled);
    }
}
