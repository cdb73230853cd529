using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Ranks;

namespace NovaId.Api.Documents;

/// <summary>A document in Keto: who owns it and whom it is shared with.</summary>
internal static class DocumentTuples
{
    private const string Owners = "owners";
    private const string Editors = "editors";
    private const string Viewers = "viewers";
    private const string MinimumRank = "minimumRank";

    public static TupleQuery All(Guid document) => new(Permissions.DocumentNamespace, document.ToString());

    public static RelationTuple Owner(Guid document, string subject) => Tuple(document, Owners, subject);

    public static bool IsSharing(RelationTuple tuple) => tuple.Relation is Editors or Viewers or MinimumRank;

    public static IEnumerable<RelationTuple> Of(Guid document, Sharing sharing)
    {
        var shares = sharing.Editors.Select(share => Tuple(document, Editors, share))
            .Concat(sharing.Viewers.Select(share => Tuple(document, Viewers, share)));
        return sharing.MinimumRank is { } rank
            // A link between objects is a subject set without a relation: that is what Keto follows (traverse).
            ? shares.Append(Tuple(document, MinimumRank, new SubjectSet(Permissions.RankNamespace, rank.ToString(), "")))
            : shares;
    }

    /// <summary>The sharing that tuples say, always in one order: people by id, then ranks, the lowest first.</summary>
    public static Sharing Read(IEnumerable<RelationTuple> tuples)
    {
        var byRelation = tuples.ToLookup(tuple => tuple.Relation);
        return new Sharing
        {
            Editors = Shares(byRelation[Editors]),
            Viewers = Shares(byRelation[Viewers]),
            // The lowest counts where something else wrote several.
            MinimumRank = byRelation[MinimumRank].Select(tuple => (Rank?)RankOf(tuple.SubjectSet)).Min(),
        };
    }

    private static IReadOnlyList<Share> Shares(IEnumerable<RelationTuple> tuples) =>
    [
        .. tuples.Select(tuple => tuple.SubjectId is { } user ? new Share { User = user } : new Share { Rank = RankOf(tuple.SubjectSet) })
            .Distinct()
            .OrderBy(share => share.Rank)
            .ThenBy(share => share.User, StringComparer.Ordinal),
    ];

    private static Rank RankOf(SubjectSet? subject) => RankNames.TryParse(subject?.Object, out var rank)
        ? rank
        : throw new GatewayUnavailableException(GatewayService.Keto, "shares a document with what is neither a subject nor a rank.");

    private static RelationTuple Tuple(Guid document, string relation, Share share) => share.Rank is { } rank
        ? Tuple(document, relation, new SubjectSet(Permissions.RankNamespace, rank.ToString(), RankMemberships.Relation))
        : Tuple(document, relation, share.User!);

    private static RelationTuple Tuple(Guid document, string relation, string subject) =>
        RelationTuple.Of(Permissions.DocumentNamespace, document.ToString(), relation, subject);

    private static RelationTuple Tuple(Guid document, string relation, SubjectSet subject) =>
        RelationTuple.Of(Permissions.DocumentNamespace, document.ToString(), relation, subject);
}
