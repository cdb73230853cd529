using System.Security.Cryptography;

namespace NovaId.Contract.Gateway;

/// <summary>Which pages may read answers across origins: those on the gateway's list, and it alone says so.</summary>
public abstract class CrossOriginContract(IZone zone) : ZoneContract(zone)
{
    private const string Listed = "http://localhost:3000";

    public static TheoryData<string> UnlistedOrigins { get; } =
    [
        "https://evil.example", "null", "*", "http://localhost:3001", "http://localhost:30000", "http://localhost", "https://localhost:3000",
        "http://127.0.0.1:3000", "http://localhost:3000.evil.example", "http://evil.example/http://localhost:3000", "http://localhost:3000/",
        "http://localhost:3000, https://evil.example",
    ];

    public static TheoryData<string> Routes { get; } =
    [
        "/api/public", "/api/me", "/api/health", "/api/openapi.json", "/.well-known/openid-configuration", "/gw/.well-known/jwks.json", "/userinfo",
        "/oauth2/auth", $"{KratosFlows.Root}/self-service/login/api", KratosFlows.WhoAmI, "/svc/kratos/admin/identities", "/nothing",
    ];

    [Theory]
    [MemberData(nameof(UnlistedOrigins))]
    public async Task A_page_that_is_not_on_the_list_reads_nothing(string origin)
    {
        AssertClosed(await Anonymous.With("Origin", origin).GetAsync("/api/public"));
        AssertClosed(await (await SharedPersonAsync()).Caller.With("Origin", origin).GetAsync("/api/me"));
        AssertClosed(await PreflightAsync("/api/me", origin, "DELETE"));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_page_that_is_not_on_the_list_reads_nothing_on_any_route(string target)
    {
        AssertClosed(await Anonymous.With("Origin", "https://evil.example").GetAsync(target));
        AssertClosed(await PreflightAsync(target, "https://evil.example", "GET"));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_page_that_is_on_the_list_reads_with_its_visitors_credentials(string target)
    {
        AssertOpen(await Anonymous.With("Origin", Listed).GetAsync(target));

        var preflight = await PreflightAsync(target, Listed, "GET");

        AssertOpen(preflight);
        Assert.Equal(204, preflight.Status);
        Assert.Equal("GET", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Methods")));
    }

    [Fact]
    public async Task A_refusal_can_be_read_by_a_page_on_the_list_and_by_no_other()
    {
        var person = await SharedPersonAsync("Private");

        AssertOpen((await person.Caller.With("Origin", Listed).GetAsync("/api/users")).ExpectProblem(403));
        AssertClosed((await person.Caller.With("Origin", "https://evil.example").GetAsync("/api/users")).ExpectProblem(403));
    }

    [Fact]
    public async Task A_page_learns_when_to_come_back() =>
        Assert.Contains(
            "Retry-After",
            string.Join(", ", (await Anonymous.With("Origin", Listed).GetAsync("/api/public")).Headers.GetValues("Access-Control-Expose-Headers")),
            StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task A_page_reads_versions_and_changes_what_it_has_read()
    {
        var person = (await SharedPersonAsync()).Caller.With("Origin", Listed);
        var preflight = await Anonymous
            .With("Origin", Listed)
            .With("Access-Control-Request-Method", "PUT")
            .With("Access-Control-Request-Headers", "content-type,if-match,if-none-match,traceparent,tracestate,x-session-token")
            .SendAsync(HttpMethod.Options, "/api/documents/00000000-0000-4000-8000-000000000000");
        AssertOpen(preflight);
        var let = string.Join(',', preflight.Headers.GetValues("Access-Control-Allow-Headers")).Split(',', StringSplitOptions.TrimEntries);
        Assert.Contains("if-match", let, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("if-none-match", let, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("traceparent", let, StringComparer.OrdinalIgnoreCase);

        var trace = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var reply = (await person.With("traceparent", $"00-{trace}-b7ad6b7169203331-01").GetAsync("/api/me")).Expect(200);
        var shown = string.Join(',', reply.Headers.GetValues("Access-Control-Expose-Headers")).Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in (string[])["ETag", "Location", "Content-Location", "Link", "Retry-After", "WWW-Authenticate", "traceparent"])
        {
            Assert.Contains(name, shown, StringComparer.OrdinalIgnoreCase);
        }

        Assert.Contains(trace, Assert.Single(reply.Headers.GetValues("traceparent")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_itself_says_nothing_about_origins()
    {
        Assert.SkipWhen(Zone.Api is null, $"The API is out of reach past the gateway on this zone ({Zone.Kind}).");
        var direct = Tools.Direct(Zone.Api);
        foreach (var target in (string[])["/api/public", "/api/me", "/api/nothing", "/health"])
        {
            AssertSilent(await direct.With("Origin", Listed).GetAsync(target));
            AssertSilent(await direct.With("Origin", Listed).With("Access-Control-Request-Method", "GET").SendAsync(HttpMethod.Options, target));
        }
    }

    private Task<Reply> PreflightAsync(string target, string origin, string method) => Anonymous
        .With("Origin", origin)
        .With("Access-Control-Request-Method", method)
        .With("Access-Control-Request-Headers", "authorization,content-type")
        .SendAsync(HttpMethod.Options, target);

    private static void AssertOpen(Reply reply)
    {
        Assert.Equal(Listed, Assert.Single(reply.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("true", Assert.Single(reply.Headers.GetValues("Access-Control-Allow-Credentials")));
        Assert.Contains("Origin", string.Join(", ", reply.Headers.Vary), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What makes a browser keep the answer from the page. A header that only lists more for those who are let in does not.</summary>
    private static void AssertClosed(Reply reply)
    {
        AssertSilent(reply);
        Assert.Contains("Origin", string.Join(", ", reply.Headers.Vary), StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertSilent(Reply reply) =>
        Assert.DoesNotContain(reply.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
}
