using NovaId.Api.Gateway;
using NovaId.Api.Ranks;

namespace NovaId.Api.Authorization;

/// <summary>The rank that the route names, or a higher one.</summary>
internal sealed record RouteRankRequirement(string Value) : Requirement
{
    public override string RouteValue => Value;

    public override string Describe(HttpContext? http) =>
        // It is written down, so it names ranks and nothing else that a caller may have put there.
        RankNames.TryParse(http?.Request.RouteValues[Value] as string, out var rank) ? $"rank {rank}" : $"rank {{{Value}}}";

    public override IEnumerable<RelationTuple> Questions(HttpContext http, CallerSubject caller) =>
        RankNames.TryParse(http.Request.RouteValues[Value] as string, out var rank)
            ? [Permissions.RankAtLeast(rank, caller.Id)]
            : throw new InvalidOperationException("The route was not checked for a rank.");
}
