using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Tests.Audit;

namespace NovaId.Tests.Api;

/// <summary>What stands on every answer of the API, whatever it is.</summary>
public sealed class SecurityHeaderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_answers_with_the_headers_to_callers_and_to_nobody()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var endpoints = zone.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 25);
        foreach (var endpoint in endpoints)
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                foreach (var idToken in (string?[])[null, "nonsense", zone.Gateway.Sign(zone.Gateway.SessionClaims(general.ToString()))])
                {
                    using var response = await zone.SendAsync(new HttpMethod(method), Example(endpoint), idToken, configure: FromElsewhere);
                    AssertHeaders(response);
                }
            }
        }
    }

    [Fact]
    public async Task So_does_every_kind_of_error()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(("Limits:CallerPerSecond", "0.02"), ("Limits:CallerBurst", "6")));
        var person = zone.Gateway.AddPerson();
        var seen = new HashSet<int>();

        await SeeAsync(zone.SendAsync(HttpMethod.Get, "/api/nothing", idToken: null, configure: FromElsewhere));
        await SeeAsync(zone.SendAsync(HttpMethod.Delete, "/api/me", idToken: null, configure: FromElsewhere));
        await SeeAsync(zone.SendAsync(HttpMethod.Options, "/api/me", idToken: null, configure: Preflight));
        await SeeAsync(zone.SendAsync(HttpMethod.Get, "/api/me", idToken: null, configure: FromElsewhere));
        await SeeAsync(zone.SendAsync(HttpMethod.Get, "/api%2fme", idToken: null, configure: FromElsewhere));
        await SeeAsync(zone.SendAsync(HttpMethod.Post, "/api/checks", person, new string('x', 70_000)));
        await SeeAsync(zone.GetAsync("/api/users", person));
        await SeeAsync(zone.SendAsync(HttpMethod.Post, "/api/documents", person, "{"));
        await SeeAsync(zone.SendAsync(
            HttpMethod.Post,
            "/api/documents",
            zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString())),
            configure: request => request.Content = new StringContent("x", Encoding.UTF8, "text/plain")));
        zone.Gateway.Intercept = http =>
        {
            http.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        await SeeAsync(zone.GetAsync("/api/me", person));
        for (var number = 0; number < 6; number++)
        {
            await SeeAsync(zone.GetAsync("/api/me", person));
        }

        Assert.Equal([400, 401, 403, 404, 405, 413, 415, 429, 503], seen.Order());

        async Task SeeAsync(Task<HttpResponseMessage> answer)
        {
            using var response = await answer;
            AssertHeaders(response);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            seen.Add((int)response.StatusCode);
        }
    }

    [Theory]
    [InlineData("https://id.example.org", "max-age=31536000")]
    [InlineData("http://id.example.org", null)]
    public async Task Browsers_are_held_to_https_where_the_gateway_is_reached_by_it(string issuer, string? expected)
    {
        await using var zone = await ApiZone.StartAsync(builder => builder.Configuration.AddInMemoryCollection([new("Gateway:Issuer", issuer)]));

        foreach (var path in (string[])["/api/public", "/api/nothing", "/api/me"])
        {
            using var response = await zone.SendAsync(HttpMethod.Get, path, idToken: null);
            Assert.Equal(expected, response.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null);
        }
    }

    [Fact]
    public async Task The_documentation_runs_its_own_scripts_and_nobody_elses()
    {
        await using var zone = await ApiZone.StartAsync();

        using var page = await zone.SendAsync(HttpMethod.Get, "/api/docs/v1", idToken: null);

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'self'; script-src 'self' 'unsafe-inline';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        AssertHeaders(page);
    }

    private static void FromElsewhere(HttpRequestMessage request) => request.Headers.Add("Origin", "http://localhost:3000");

    private static void Preflight(HttpRequestMessage request)
    {
        FromElsewhere(request);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
    }

    private static void AssertHeaders(HttpResponseMessage response)
    {
        var name = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} {(int)response.StatusCode}";
        Assert.True("nosniff" == Value("X-Content-Type-Options"), name);
        Assert.True("no-referrer" == Value("Referrer-Policy"), name);
        Assert.True("same-origin" == Value("Cross-Origin-Resource-Policy"), name);
        Assert.True("same-origin" == Value("Cross-Origin-Opener-Policy"), name);
        Assert.True("DENY" == Value("X-Frame-Options"), name);
        Assert.Contains("geolocation=()", Value("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Value("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.True(Value("Cache-Control")?.Length > 0, name);
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            Assert.True(Value("Cache-Control")!.Contains("no-store", StringComparison.Ordinal) || name.Contains("/api/docs", StringComparison.Ordinal), name);
        }

        Assert.False(response.Headers.Contains("Server"), name);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"), name);

        string? Value(string header) => response.Headers.TryGetValues(header, out var values) ? string.Join(", ", values) : null;
    }

    private static string Example(RouteEndpoint endpoint)
    {
        var segments = endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart { Name: "rank" } => "Captain",
            RoutePatternParameterPart => "0b6f0f4e-6f0c-4a53-9c0e-0a7d5b1f2c3d",
            var other => throw new InvalidOperationException($"{endpoint.RoutePattern.RawText} has a part of the kind {other.PartKind}."),
        })));
        return "/" + string.Join('/', segments);
    }
}
