using NovaId.Api.Authorization;
using NovaId.Api.Gateway;

namespace NovaId.Api.Ranks;

/// <summary>Who holds which rank, as Keto keeps it.</summary>
internal static class RankMemberships
{
    public const string Relation = "members";

    /// <summary>The ranks that a subject holds.</summary>
    public static TupleQuery Of(string subject) => new(Permissions.RankNamespace, Relation: Relation, SubjectId: subject);

    /// <summary>Whoever holds a rank.</summary>
    public static TupleQuery Of(Rank rank) => new(Permissions.RankNamespace, rank.ToString(), Relation);

    public static RelationTuple Membership(Rank rank, string subject) =>
        RelationTuple.Of(Permissions.RankNamespace, rank.ToString(), Relation, subject);

    public static IReadOnlyList<Rank> Read(IReadOnlyList<RelationTuple> memberships) =>
        [.. memberships.Select(Read).Distinct().OrderDescending()];

    /// <summary>The highest of the ranks; null without any.</summary>
    public static Rank? Highest(IReadOnlyList<RelationTuple> memberships) =>
        Read(memberships) is [var highest, ..] ? highest : null;

    private static Rank Read(RelationTuple membership) => RankNames.TryParse(membership.Object, out var rank)
        ? rank
        : throw new GatewayUnavailableException(GatewayService.Keto, $"knows a rank '{membership.Object}' that is none.");
}
