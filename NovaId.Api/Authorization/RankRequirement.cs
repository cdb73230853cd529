using NovaId.Api.Gateway;
using NovaId.Api.Ranks;

namespace NovaId.Api.Authorization;

/// <summary>A rank or a higher one.</summary>
internal sealed record RankRequirement(Rank Rank) : Requirement
{
    public override string Describe(HttpContext? http) => $"rank {Rank}";

    public override IEnumerable<RelationTuple> Questions(HttpContext http, CallerSubject caller) =>
        [Permissions.RankAtLeast(Rank, caller.Id)];
}
