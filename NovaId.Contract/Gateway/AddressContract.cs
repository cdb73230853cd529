namespace NovaId.Contract.Gateway;

/// <summary>What the zone promises can be reached: every address of the discovery documents, and HEAD wherever a rule lists it.</summary>
public abstract class AddressContract(IZone zone) : ZoneContract(zone)
{
    private static readonly string[] Documents = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

    /// <summary>Every kind of route whose rule lists HEAD, and what HEAD answers there.</summary>
    public static TheoryData<string, int> Routes { get; } = new()
    {
        { "/.well-known/openid-configuration", 200 },
        { "/.well-known/oauth-authorization-server", 200 },
        { "/.well-known/jwks.json", 200 },
        { "/userinfo", 401 },
        { "/oauth2/auth", 302 },
        { "/oauth2/sessions/logout", 302 },
        { "/oauth2/device/verify", 302 },
        { $"{KratosFlows.Root}/self-service/login/api", 200 },
        { $"{KratosFlows.Root}/self-service/login/browser", 200 },
        { $"{KratosFlows.Root}/self-service/logout/browser", 401 },
        { $"{KratosFlows.Root}/self-service/errors?id=stub:500", 200 },
        { $"{KratosFlows.Root}/sessions/whoami", 401 },
        { $"{KratosFlows.Root}/sessions", 401 },
        { $"{KratosFlows.Root}/schemas", 200 },
        { "/api/health", 200 },
        { "/api/public", 200 },
        { "/api/openapi.json", 200 },
        { "/api/me", 401 },
    };

    [Fact]
    public async Task Both_discovery_documents_are_the_same()
    {
        var replies = await Task.WhenAll(Documents.Select(Anonymous.GetAsync));

        replies.Expect(200);
        Assert.All(replies, reply => Assert.Equal(replies[0].Body, reply.Body));
    }

    [Fact]
    public async Task Every_address_of_discovery_is_routed()
    {
        var discovery = (await Anonymous.GetAsync(Documents[0])).Expect(200);
        var addresses = discovery.Json.EnumerateObject()
            .Where(member => member.Value.ValueKind == System.Text.Json.JsonValueKind.String)
            .Where(member => member.Name.Contains("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri")
            .Select(member => new Uri(member.Value.GetString()!))
            .ToList();

        Assert.Equal(8, addresses.Count);
        foreach (var address in addresses)
        {
            Assert.Equal(Zone.Gateway.Authority, address.Authority);
            Reply[] replies = [await Anonymous.GetAsync(address.AbsolutePath), await Anonymous.PostAsync(address.AbsolutePath)];
            Assert.Contains(replies, reply => reply.Status is not (404 or 405 or 502));
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task HEAD_is_answered_as_GET_is_and_without_a_body(string target, int status)
    {
        var (head, get) = (await Anonymous.SendAsync(HttpMethod.Head, target), await Anonymous.GetAsync(target));

        Assert.Equal("", head.Body);
        Assert.Equal((status, status), (head.Status, get.Status));
        Assert.Equal(get.ContentType, head.ContentType);
    }

    [Theory]
    [InlineData("GET", "/oauth2/token")]
    [InlineData("HEAD", "/oauth2/token")]
    [InlineData("GET", "/oauth2/revoke")]
    [InlineData("GET", "/oauth2/device/auth")]
    [InlineData("POST", "/oauth2/device/verify")]
    [InlineData("GET", "/credentials")]
    [InlineData("PUT", "/.ory/kratos/public/self-service/login")]
    [InlineData("PATCH", "/.ory/kratos/public/self-service/settings")]
    [InlineData("DELETE", "/.ory/kratos/public/schemas")]
    [InlineData("POST", "/.ory/kratos/public/sessions/whoami")]
    [InlineData("HEAD", "/gw/.well-known/jwks.json")]
    public async Task A_method_that_never_works_on_a_route_is_not_routed(string method, string target) =>
        (await Anonymous.SendAsync(HttpMethod.Parse(method), target)).Expect(404);
}
