using System.Text.Json.Nodes;

namespace NovaId.AppHost.Operator;

/// <summary>What <c>ory-config</c> says of ranks, capabilities and service clients.</summary>
internal sealed class ZoneConfiguration
{
    private const string RankNamespace = "Rank";
    private const string CapabilityNamespace = "Capability";

    private ZoneConfiguration(IReadOnlyList<RelationTuple> tuples, string operatorScope, string audience)
    {
        Tuples = tuples;
        OperatorScope = operatorScope;
        Audience = audience;
        Capabilities = [.. tuples.Where(tuple => tuple.Namespace == CapabilityNamespace).Select(tuple => tuple.Object).Distinct().Order(StringComparer.Ordinal)];
        var ranks = tuples.Where(tuple => tuple.Namespace == RankNamespace).ToList();
        Ranks = [.. ranks.Select(tuple => tuple.SubjectObject).Concat(ranks.Select(tuple => tuple.Object)).OfType<string>().Distinct()
            .OrderBy(rank => ranks.Count(tuple => tuple.Object == rank))];
    }

    /// <summary>The tuples that make up ranks and capabilities.</summary>
    public IReadOnlyList<RelationTuple> Tuples { get; }

    /// <summary>The ranks, highest first: it has nothing above it.</summary>
    public IReadOnlyList<string> Ranks { get; }

    /// <summary>The capabilities.</summary>
    public IReadOnlyList<string> Capabilities { get; }

    /// <summary>Every scope of the operator.</summary>
    public string OperatorScope { get; }

    /// <summary>The audience of a service token.</summary>
    public string Audience { get; }

    public static ZoneConfiguration Read(string folder)
    {
        var tuples = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "keto", "relation-tuples.json")))!.AsArray();
        var clients = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "hydra", "clients.json")))!.AsArray();
        var self = clients.Single(client => client!["client_id"]!.GetValue<string>() == OperatorResource.ClientId)!;
        return new([.. tuples.Select(tuple => RelationTuple.Parse(tuple!))], self["scope"]!.GetValue<string>(), self["audience"]![0]!.GetValue<string>());
    }
}
