using NovaId.Contract.Attacks;

namespace NovaId.Contract.Gateway;

/// <summary>Paths written to mislead. They are matched decoded and cleaned, so each is what it means and not what it looks like.</summary>
public abstract class PathContract(IZone zone) : ZoneContract(zone)
{
    [Theory]
    [InlineData("//api//me")]
    [InlineData("/api/me/")]
    [InlineData("/api/health/../me")]
    [InlineData("/api/public/%2e%2e/me")]
    [InlineData("/api/public/..%2fme")]
    [InlineData("/nothing/../api/me")]
    [InlineData("/.ory/kratos/public/../../../api/me")]
    [InlineData("/%61pi/me")]
    [InlineData("/api/%6de")]
    [InlineData("/api/Health")]
    [InlineData("/api/PUBLIC")]
    [InlineData("/api/healthz")]
    [InlineData("/api/public/x")]
    [InlineData("/api/me;/health")]
    [InlineData("/api/docs%2f..%2fme")]
    [InlineData("//svc//kratos//admin//identities")]
    [InlineData("/svc/kratos/admin/identities/")]
    [InlineData("/api/../svc/kratos/admin/identities")]
    [InlineData("/api/health/../../svc/kratos/admin/identities")]
    [InlineData("/svc/kratos/admin/clients/../identities")]
    [InlineData("/svc/hydra/admin%2fclients")]
    [InlineData("/oauth2/../svc/hydra/admin/clients")]
    [InlineData("/api/../admin/identities")]
    [InlineData("/accounts/../admin/people")]
    [InlineData("/accounts/%2e%2e/admin/people")]
    public async Task A_path_that_means_a_guarded_route_is_guarded(string target) =>
        (await Anonymous.GetAsync(target)).ExpectByGateway(401);

    [Theory]
    [InlineData("/.ory/kratos/public/../admin/identities")]
    [InlineData("/.ory/kratos/public/self-service/../admin/identities")]
    [InlineData("/.ory/kratos/public/sessions/../admin/identities")]
    [InlineData("/.ory/kratos/public/sessions/..%2fadmin/identities")]
    [InlineData("/.ory/kratos/public/self-service/%2e%2e/%2e%2e/admin/identities")]
    [InlineData("/gw/.well-known/../rules")]
    [InlineData("/svc/keto/relation-tuples/batch/check/../../../admin/relation-tuples")]
    [InlineData("/oauth2/token/../introspect")]
    public async Task A_path_that_means_no_route_is_not_found(string target) =>
        (await Anonymous.GetAsync(target)).ExpectByGateway(404);

    [Theory]
    [InlineData("//api//health")]
    [InlineData("/api/me/../health")]
    [InlineData("/api/health/")]
    [InlineData("/api/./health")]
    public async Task A_path_that_means_an_open_route_is_open(string target) =>
        (await Anonymous.GetAsync(target)).Expect(200);

    [Theory]
    [InlineData("/api/health%", 400)]
    [InlineData("/api/health%4", 400)]
    [InlineData("/api/health%zz", 400)]
    [InlineData("/api/health\t", 400)]
    [InlineData("/api/health\u007f", 400)]
    [InlineData("/api/health\u0001", 400)]
    [InlineData("/nothing\u001f", 400)]
    [InlineData("api/health", 400)]
    [InlineData("/api/health?%zz", 200)]
    [InlineData("/api/health?%00", 200)]
    [InlineData("/api/health#me", 401)]
    [InlineData("/api/\"me\"", 401)]
    [InlineData("/nothing|\\^`", 404)]
    [InlineData("//evil.test/api/health", 404)]
    [InlineData("http://localhost/api/health", 200)]
    [InlineData("http://somebody@localhost/api/health", 200)]
    [InlineData("http://some body@localhost/api/health", 400)]
    [InlineData("http://[::1/api/health", 400)]
    [InlineData("http://localhost/%zz", 400)]
    public async Task A_target_is_read_as_Go_reads_it(string target, int status)
    {
        using var connection = await RawConnection.OpenAsync(Zone.Gateway, Zone.GatewayCertificate);
        var answer = await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nConnection: close\r\n\r\n");

        Assert.True(answer.Statuses is [var only] && only == status, answer.Text);
    }

    [Theory]
    [InlineData("evil.test")]
    [InlineData("kratos:4434")]
    [InlineData("127.0.0.1:4456")]
    [InlineData("a/b")]
    public async Task The_name_that_a_caller_calls_the_gateway_opens_nothing(string host)
    {
        var reply = await Anonymous.With("Host", host).GetAsync("/svc/kratos/admin/identities");

        // A name with a slash is no host at all: a server may refuse the whole request.
        Assert.True(reply.Status == (host.Contains('/', StringComparison.Ordinal) ? 400 : 401), $"{reply}");
    }

    [Theory]
    [InlineData("X-Forwarded-Uri", "/api/health")]
    [InlineData("X-Forwarded-Method", "GET")]
    [InlineData("X-Forwarded-Host", "127.0.0.1:4456")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Original-URL", "/api/health")]
    [InlineData("X-Rewrite-URL", "/api/health")]
    [InlineData("X-HTTP-Method-Override", "GET")]
    public async Task A_header_that_names_another_route_opens_nothing(string header, string value) =>
        (await Anonymous.With(header, value).GetAsync("/api/me")).ExpectByGateway(401);
}
