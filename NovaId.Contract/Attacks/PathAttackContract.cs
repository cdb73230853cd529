namespace NovaId.Contract.Attacks;

/// <summary>Attempts to reach a guarded route by writing its path, its method or the request itself in a misleading way.</summary>
public abstract class PathAttackContract(IZone zone) : AttackContract(zone)
{
    /// <summary>Paths that no client library would send, and what the gateway may answer to a stranger.</summary>
    public static TheoryData<string, int[]> Disguises { get; } = new()
    {
        // Ways up and across, encoded once, twice and in part.
        { "/api/public/%2e%2e/%2e%2e/svc/kratos/admin/identities", [401] },
        { "/api/public/.%2e/me", [401] },
        { "/api/public/%2e%2e%2fme", [401] },
        { "/api/public%2f%2e%2e%2fme", [401] },
        { "/api/public/..%252fme", [401] },
        { "/api/%252e%252e/svc/kratos/admin/identities", [401] },
        { "/api/public/..%5cme", [401] },
        { "/api/public%5c..%5cme", [401] },
        { "/api/public/..\\me", [400, 401] },
        { "\\api\\me", [400, 404] },
        { "/svc%2fkratos%2fadmin%2fidentities", [401] },
        { "/svc/kratos%5cadmin/identities", [404] },
        { "/svc/kratos/admin/..%2fadmin/identities", [401] },
        { "/.ory/kratos/public/sessions/..%2f..%2f..%2f..%2fsvc/kratos/admin/identities", [401] },
        { "/.ory/kratos/public/self-service/%2e%2e/%2e%2e/%2e%2e/%2e%2e/svc/hydra/admin/clients", [401] },
        { "/.ory/kratos/public/%2e%2e/admin/identities", [404] },
        { "/gw/.well-known/%2e%2e/%2e%2e/rules", [404] },
        { "/api/docs/..%2f..%2fsvc/kratos/admin/identities", [401] },
        { "/api/docs/../me", [401] },
        // Parameters of a segment, dots and blanks behind, letters.
        { "/api/public;x=1/me", [401] },
        { "/api;/me", [404] },
        { "/api/health;/../me", [401] },
        { "/api/health.", [401] },
        { "/api/health/.", [200] },
        { "/api./me", [404] },
        { "/api/me...", [401] },
        { "/api/health%20", [401] },
        { "/api/health%09", [401] },
        { "/api/health%0a", [404] },
        { "/api/health%0d%0aX-User-Id:%20x", [404] },
        { "/api/health%23/me", [401] },
        { "/api/health%3f/me", [401] },
        { "/SVC/kratos/admin/identities", [404] },
        { "/svc/Kratos/admin/identities", [404] },
        { "/svc/kratos/ADMIN/identities", [404] },
        { "/Oauth2/token", [404] },
        { "/api/HEALTH", [401] },
        // Bytes that are no UTF-8, or more of them than a character needs.
        { "/api/health%00", [400, 401] },
        { "/api/public/%c0%ae%c0%ae/me", [400, 401] },
        { "/api/public/%ff", [400, 401] },
        { "/api/%e0%80%af/me", [400, 401] },
        { "/api/public/\u00ff", [400, 401] },
        { "/svc/kratos/admin/identities%00", [400, 404] },
        { "/api/health%u002e", [400] },
        { "/api/health%", [400] },
        { "/api/health%zz", [400] },
    };

    /// <summary>Requests whose end two servers might see in different places: the headers, the body, and whether it must be refused.</summary>
    public static TheoryData<string, string, string, bool> Ambiguities { get; } = new()
    {
        { "length before chunks", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", false },
        { "chunks before length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n", false },
        { "two lengths", "Content-Length: 0\r\nContent-Length: 5\r\n", "", true },
        { "a list of lengths", "Content-Length: 0, 5\r\n", "", true },
        { "a length with a sign", "Content-Length: +0\r\n", "", false },
        { "a length below zero", "Content-Length: -1\r\n", "", true },
        { "a length in hexadecimal", "Content-Length: 0x0\r\n", "", true },
        { "a blank before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n", true },
        { "a coding that does not exist", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", true },
        { "a coding behind chunks", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n", true },
        { "a coding before chunks", "Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n", false },
        { "chunks said twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", false },
        { "a coding in quotes", "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n", true },
        { "a header folded over two lines", "X-Folded: a\r\n Transfer-Encoding: chunked\r\n", "", false },
        { "a header without a name", ": chunked\r\n", "", true },
        { "a line without a colon", "Transfer-Encoding\r\n", "", true },
        { "a carriage return within a header", "X-A: b\rTransfer-Encoding: chunked\r\n", "", true },
        { "a zero within a header", "X-A: b\0c\r\n", "", true },
        { "two hosts", "Host: evil.test\r\n", "", true },
    };

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task A_disguised_path_lets_no_stranger_in(string path, int[] statuses)
    {
        var answer = await SendAsync($"GET {path} HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nConnection: close\r\n\r\n");

        Assert.True(answer.Statuses.Count == 1 && statuses.Contains(answer.Statuses[0]), $"{path}: {Shown(answer)}");
        Discreet(answer.Text);
    }

    [Theory]
    [InlineData("/api/public/..%5cusers")]
    [InlineData("/api/documents/%2e%2e%5cusers")]
    [InlineData("/api/users/x%2Frank")]
    public async Task A_disguised_path_of_a_general_is_refused_by_the_API_too(string path)
    {
        var general = await SharedPersonAsync("General");

        Discreet(await general.Caller.GetAsync(path)).ExpectProblem(400);
    }

    [Theory]
    [InlineData("/api/USERS")]
    [InlineData("/api/users/")]
    [InlineData("/api//users")]
    [InlineData("/api/./users")]
    [InlineData("/api/%75sers")]
    [InlineData("/api/documents/../users")]
    public async Task A_path_in_another_spelling_asks_a_private_for_the_same_permission(string path)
    {
        var person = await SharedPersonAsync("Private");

        var refused = await RefusedByApiAsync(person.Caller, "GET", path, 403, subject: person.Id);

        Assert.Equal("capability users.view", refused["required"].GetString());
    }

    [Theory]
    [InlineData("/api/me")]
    [InlineData("/svc/kratos/admin/identities")]
    [InlineData("/.ory/kratos/public/admin/identities")]
    public async Task An_overlong_path_lets_no_stranger_in(string path)
    {
        foreach (var target in new[] { $"/{new string('a', 4000)}/..{path}", $"{path}/{string.Concat(Enumerable.Repeat("x/../", 800))}" })
        {
            var answer = await SendAsync($"GET {target} HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nConnection: close\r\n\r\n");

            Assert.Equal([path.StartsWith("/.ory", StringComparison.Ordinal) ? 404 : 401], answer.Statuses);
        }
    }

    [Fact]
    public async Task A_path_without_end_is_cut_off()
    {
        var answer = await SendAsync($"GET /api/{new string('a', 4 * 1024 * 1024)} HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\n\r\n");

        // Whoever hangs up while there is more to read may take the answer along.
        Assert.All(answer.Statuses, status => Assert.Contains(status, (int[])[400, 414, 431]));
        (await Anonymous.GetAsync("/api/health")).Expect(200);
    }

    [Theory]
    [InlineData("http://kratos:4434/admin/identities", 401)]
    [InlineData("http://127.0.0.1:4456/rules", 404)]
    [InlineData("http://evil.test/api/me", 401)]
    [InlineData("http://evil.test/svc/kratos/admin/identities", 401)]
    [InlineData("http://evil.test/nothing", 404)]
    public async Task A_whole_address_as_target_makes_no_open_proxy(string target, int status)
    {
        foreach (var host in new[] { Zone.Gateway.Authority, "evil.test" })
        {
            var answer = await SendAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

            // RFC 9112, section 3.2: a host that is not that of the target may be refused outright.
            Assert.True(answer.Statuses is [400] || (answer.Statuses.Count == 1 && answer.Statuses[0] == status), $"{target}: {Shown(answer)}");
            Discreet(answer.Text);
        }
    }

    [Theory]
    [InlineData("CONNECT", "kratos:4434", "")]
    [InlineData("CONNECT", "127.0.0.1:4456", "")]
    [InlineData("TRACE", "/api/me", "")]
    [InlineData("TRACK", "/api/me", "")]
    [InlineData("get", "/api/me", "")]
    [InlineData("PROPFIND", "/api/documents", "")]
    [InlineData("PURGE", "/api/me", "")]
    [InlineData("GET", "*", "")]
    [InlineData("PRI", "*", "")]
    [InlineData("GET", "/api/me", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n")]
    [InlineData("GET", "/svc/kratos/admin/identities", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n")]
    public async Task An_unusual_method_or_protocol_lets_no_stranger_in(string method, string target, string headers)
    {
        var closed = headers.Length == 0 ? "Connection: close\r\n" : "";
        var answer = await SendAsync($"{method} {target} HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\n{closed}{headers}\r\n");

        Assert.True(answer.Statuses is [400 or 401 or 404 or 405 or 501 or 502], $"{method} {target}: {Shown(answer)}");
        Discreet(answer.Text);
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("X-HTTP-Method", "DELETE")]
    [InlineData("X-Method-Override", "DELETE")]
    [InlineData("_method", "DELETE")]
    public async Task A_method_in_a_header_or_the_query_deletes_nothing(string header, string method)
    {
        var owner = await NewPersonAsync();
        var document = await Operator.CreateDocumentAsync(owner.Caller);

        (await owner.Caller.With(header, method).GetAsync($"/api/documents/{document}?_method={method}&{header}={method}")).Expect(200);

        (await owner.Caller.GetAsync($"/api/documents/{document}")).Expect(200);
    }

    [Theory]
    [InlineData("X-HTTP-Method-Override")]
    [InlineData("X-HTTP-Method")]
    public async Task A_token_that_may_only_read_writes_nothing_by_calling_its_write_a_read(string header)
    {
        var client = await Operator.CreateClientAsync();
        var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read"));

        await RefusedByApiAsync(
            caller.With(header, "GET"), "POST", "/api/documents", 403, new { title = "x", content = "x" }, $"client:{client.Id}");

        Assert.Empty(await caller.ListAsync("/api/documents"));
    }

    [Theory]
    [MemberData(nameof(Ambiguities))]
    public async Task A_request_within_a_request_reaches_nothing(string name, string headers, string body, bool isRefused)
    {
        var marker = Guid.NewGuid().ToString();
        var inner = $"GET /api/me HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nAuthorization: Bearer x\r\n"
            + $"{IUpstreamRecorder.MarkerHeader}: {marker}\r\nConnection: close\r\n\r\n";

        var answer = await SendAsync($"GET /api/health HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\n{headers}\r\n{body}{inner}");

        Assert.True(answer.Statuses.Count > 0, $"{name}: no answer");
        Assert.True(answer.Statuses[0] is 400 or 501 || (!isRefused && answer.Statuses[0] == 200), $"{name}: {Shown(answer)}");
        // Whoever sees a second request judges it as one: it proves nothing, and goes no further.
        Assert.All(answer.Statuses.Skip(1), status => Assert.Contains(status, (int[])[400, 401]));
        Assert.Empty(Zone.Upstream?.Find(marker) ?? []);
        Discreet(answer.Text);
    }

    [Fact]
    public async Task A_request_hidden_in_a_body_is_a_body()
    {
        var person = await NewPersonAsync();
        var marker = Guid.NewGuid().ToString();
        var inner = $"DELETE /api/users/{person.Id}/sessions HTTP/1.1\r\nHost: api\r\n{IUpstreamRecorder.MarkerHeader}: {marker}\r\n\r\n";

        // Refused before the body is read, on a connection that stays open: what is left over must not become the next request.
        var answer = await SendAsync(
            $"POST /api/nothing HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nX-Session-Token: {person.Session.Token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {inner.Length}\r\n\r\n{inner}");

        Assert.Equal([404], answer.Statuses);
        Assert.Empty(Zone.Upstream?.Find(marker) ?? []);
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200);
    }

    [Theory]
    [InlineData("5\r\n{\"a\":\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n")]
    [InlineData("-1\r\nx\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;\rx=1\r\nhelloXX0\r\n\r\n")]
    [InlineData("zz\r\nhello\r\n0\r\n\r\n")]
    public async Task Chunks_that_are_none_make_no_document(string body)
    {
        var person = await NewPersonAsync();

        var answer = await SendAsync(
            $"POST /api/documents HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nX-Session-Token: {person.Session.Token}\r\n"
            + $"Connection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{body}");

        // A gateway that was already sending when the body turned out to be broken says so as a bad gateway.
        Assert.All(answer.Statuses, status => Assert.Contains(status, (int[])[400, 502]));
        Assert.Empty(await person.Caller.ListAsync("/api/documents"));
        Discreet(answer.Text, person.Session.Token);
    }

    private async Task<RawConnection.RawAnswer> SendAsync(string request)
    {
        using var connection = await RawConnection.OpenAsync(Zone.Gateway, Zone.GatewayCertificate);
        return await connection.SendAsync(request);
    }

    private static string Shown(RawConnection.RawAnswer answer) =>
        $"{string.Join(", ", answer.Statuses)}\n{answer.Text[..Math.Min(answer.Text.Length, 1000)]}";
}
