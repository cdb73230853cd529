using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using NovaId.Api;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Ranks;
using NovaId.Emulator.Keto.Opl;
using NovaId.Tests.Gateway;

namespace NovaId.Tests.Configuration;

/// <summary>Every name of a permission, a capability, a rank and a scope that code uses is one that the configuration has.</summary>
public sealed class PermissionNamesTests
{
    private static readonly OplDocument Opl = OplDocument.Load(Path.Combine(TestGateway.RealFolder, "keto", "namespaces.keto.ts"));

    private static readonly JsonArray Tuples =
        JsonNode.Parse(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "keto", "relation-tuples.json")))!.AsArray();

    [Fact]
    public void Every_permit_that_may_be_asked_for_is_in_the_permission_language_and_none_is_forgotten()
    {
        var inOpl = Opl.Namespaces.ToDictionary(
            @namespace => @namespace.Name,
            @namespace => @namespace.Relations.Where(relation => relation.Rewrite is not null).Select(relation => relation.Name).Order());

        Assert.Equal(
            inOpl.Where(pair => pair.Value.Any()).Select(pair => $"{pair.Key}: {string.Join(' ', pair.Value)}").Order(),
            Permissions.Permits.Select(pair => $"{pair.Key}: {string.Join(' ', pair.Value.Order())}").Order());
    }

    [Fact]
    public void Every_capability_that_code_names_requires_a_rank_and_the_other_way_round() =>
        Assert.Equal(
            Tuples.Where(tuple => (string)tuple!["namespace"]! == "Capability").Select(tuple => (string)tuple!["object"]!).Order(),
            Capabilities.All.Order());

    [Fact]
    public void Every_rank_of_the_code_is_a_rank_of_the_tuples() =>
        Assert.Equal(
            Tuples.Where(tuple => (string)tuple!["namespace"]! == "Rank")
                .SelectMany(tuple => new[] { (string)tuple!["object"]!, (string)tuple["subject_set"]!["object"]! }).Distinct().Order(),
            Enum.GetNames<Rank>().Order());

    [Fact]
    public void What_the_endpoints_require_exists()
    {
        using var app = ApiApplication.Create([], builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:Address"] = "http://localhost:4455",
            ["Gateway:ClientSecret"] = "none",
            ["Storage:Path"] = ":memory:",
        }));
        var requirements = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<Requirement>()).ToList();

        Assert.Contains(requirements, requirement => requirement is CapabilityRequirement);
        Assert.All(requirements.OfType<CapabilityRequirement>(), requirement => Assert.Contains(requirement.Capability, Capabilities.All));
        Assert.Contains(requirements, requirement => requirement is PermissionRequirement);
        Assert.All(requirements.OfType<PermissionRequirement>(), requirement =>
            Assert.NotNull(Opl.Namespaces.Single(@namespace => @namespace.Name == requirement.Namespace).Find(requirement.Permit)?.Rewrite));
    }

    [Fact]
    public void The_API_asks_for_exactly_the_scopes_that_its_client_has()
    {
        var clients = JsonNode.Parse(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "hydra", "clients.json")))!.AsArray();
        var scope = (string)clients.Single(client => (string)client!["client_id"]! == "novaid-api")!["scope"]!;

        Assert.Equal(scope.Split(' ').Order(), ServiceTokenSource.Scopes.Split(' ').Order());
    }
}
