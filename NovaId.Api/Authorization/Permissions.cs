using NovaId.Api.Gateway;
using NovaId.Api.Ranks;

namespace NovaId.Api.Authorization;

/// <summary>The permits of <c>ory-config/keto/namespaces.keto.ts</c> that may be asked for, and the questions that ask for them.</summary>
internal static class Permissions
{
    public const string RankNamespace = "Rank";
    public const string CapabilityNamespace = "Capability";
    public const string DocumentNamespace = "Document";
    public const string AtLeast = "atLeast";
    public const string Commands = "commands";
    public const string Allow = "allow";
    public const string View = "view";
    public const string Edit = "edit";
    public const string Delete = "delete";

    /// <summary>Each namespace with its permits.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Permits { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [RankNamespace] = [AtLeast, Commands],
        [CapabilityNamespace] = [Allow],
        [DocumentNamespace] = [View, Edit, Delete],
    };

    public static bool Exists(string @namespace, string permit) =>
        Permits.TryGetValue(@namespace, out var permits) && permits.Contains(permit);

    public static RelationTuple RankAtLeast(Rank rank, string subject) =>
        RelationTuple.Of(RankNamespace, rank.ToString(), AtLeast, subject);

    public static RelationTuple RankCommands(Rank rank, string subject) =>
        RelationTuple.Of(RankNamespace, rank.ToString(), Commands, subject);

    public static RelationTuple Capability(string capability, string subject) =>
        RelationTuple.Of(CapabilityNamespace, capability, Allow, subject);

    public static RelationTuple Document(Guid document, string permit, string subject) =>
        RelationTuple.Of(DocumentNamespace, document.ToString(), permit, subject);
}
