using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using NovaId.Api;
using NovaId.Api.Authorization;
using NovaId.Tests.Configuration.Proofs;
using NovaId.Tests.Gateway;

namespace NovaId.Tests.Configuration;

/// <summary>The gateway's rules and the API's endpoints: each leads to the other.</summary>
public sealed class ApiRulesTests
{
    private const string Gateway = "http://localhost:4455";

    private static readonly IReadOnlyList<ConfiguredRule> Rules =
        ConfiguredRule.Read(Path.Combine(TestGateway.RealFolder, "oathkeeper", "access-rules.yml"));

    private static readonly IReadOnlyList<(string Method, string Path, RouteEndpoint Endpoint)> Endpoints = ReadEndpoints();

    [Fact]
    public void Every_endpoint_of_the_API_is_reached_by_exactly_one_rule()
    {
        Assert.NotEmpty(Endpoints);
        Assert.All(Endpoints.Where(IsApi), endpoint => Assert.Single(RulesOf(endpoint.Method, endpoint.Path)));
    }

    [Fact]
    public void What_requires_a_caller_is_behind_an_authenticator_and_what_does_not_is_open() =>
        Assert.All(Endpoints.Where(IsApi), endpoint =>
        {
            var rule = Assert.Single(RulesOf(endpoint.Method, endpoint.Path));
            var open = rule.Authenticators.Any(authenticator => authenticator["handler"].RequireString() == "noop");
            Assert.Equal(endpoint.Endpoint.Metadata.GetMetadata<WithoutCaller>() is not null, open);
        });

    [Fact]
    public void Every_rule_to_the_API_leads_to_an_endpoint_for_each_of_its_methods() =>
        Assert.All(Rules.Where(rule => rule.Upstream.Host == "api"), rule =>
            Assert.All(rule.Methods, method =>
                // The API answers a HEAD as it answers the GET.
                Assert.Contains(Endpoints, endpoint => endpoint.Method == (method == "HEAD" ? "GET" : method) && rule.Language.Contains(Gateway + endpoint.Path))));

    [Fact]
    public void What_is_for_whoever_runs_the_API_is_not_reached_through_the_gateway()
    {
        var own = Endpoints.Where(endpoint => !IsApi(endpoint)).ToList();

        Assert.Contains(own, endpoint => endpoint.Path == "/health");
        Assert.All(own, endpoint => Assert.Empty(RulesOf(endpoint.Method, endpoint.Path)));
    }

    private static bool IsApi((string Method, string Path, RouteEndpoint Endpoint) endpoint) =>
        endpoint.Path.StartsWith("/api/", StringComparison.Ordinal);

    private static List<ConfiguredRule> RulesOf(string method, string path) =>
        [.. Rules.Where(rule => rule.Methods.Contains(method) && rule.Language.Contains(Gateway + path))];

    private static IReadOnlyList<(string Method, string Path, RouteEndpoint Endpoint)> ReadEndpoints()
    {
        using var app = ApiApplication.Create([], builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:Address"] = Gateway,
            ["Gateway:ClientSecret"] = "none",
            ["Storage:Path"] = ":memory:",
        }));
        return
        [
            .. from source in ((IEndpointRouteBuilder)app).DataSources
               from endpoint in source.Endpoints.OfType<RouteEndpoint>()
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
               select (method, Example(endpoint), endpoint),
        ];
    }

    /// <summary>A path of the endpoint, without the slash at its end: the gateway takes that away.</summary>
    private static string Example(RouteEndpoint endpoint)
    {
        var segments = endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "rank" } => "Captain",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart => "0b6f0f4e-6f0c-4a53-9c0e-0a7d5b1f2c3d",
            var other => throw new InvalidOperationException($"{endpoint.RoutePattern.RawText} has a part of the kind {other.PartKind}."),
        })));
        return "/" + string.Join('/', segments);
    }
}
