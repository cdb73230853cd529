using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;
using NovaId.Api.Users;

namespace NovaId.Api.Ranks;

/// <summary>The ranks, and who holds them.</summary>
internal static class RankEndpoints
{
    private static readonly RankList Ranks = new([.. RankNames.HighestFirst.Select(rank => new RankModel(rank, (int)rank))]);

    public static IEndpointRouteBuilder MapRanks(this IEndpointRouteBuilder api)
    {
        var ranks = api.MapGroup("/ranks").WithTags("Ranks");
        ranks.MapGet("", List)
            .RequireCaller()
            .WithName("listRanks").WithSummary("The ranks, the highest first");
        ranks.MapGet("/{rank}/access", Access)
            .RequireRank("rank").WithRank("rank")
            .WithName("holdRank").WithSummary("Whether the caller holds this rank or a higher one");
        ranks.MapGet("/{rank}/members", MembersAsync)
            .RequireCapability(Capabilities.ViewUsers).WithRank("rank").WithPaging()
            .WithName("listRankMembers").WithSummary("Who holds this rank");
        return api;
    }

    private static Ok<RankList> List() => TypedResults.Ok(Ranks);

    private static NoContent Access(string rank) => TypedResults.NoContent();

    private static async Task<Ok<Page<User>>> MembersAsync(
        string rank,
        PageRequest page,
        KetoClient keto,
        KratosClient kratos,
        CancellationToken cancellationToken)
    {
        var memberships = await keto.ListAsync(RankMemberships.Of(Enum.Parse<Rank>(rank)), page.Size, page.Token, cancellationToken);

        // Programs may hold a rank, and a person may be gone while Keto still names them: neither is a member to show.
        var ids = memberships.Items
            .Select(membership => CanonicalUuid.TryParse(membership.SubjectId, out var id) ? id : (Guid?)null)
            .OfType<Guid>().Distinct().ToList();
        var identities = await kratos.FindIdentitiesAsync(ids, cancellationToken);
        var members = ids.Where(identities.ContainsKey).Select(id => User.Of(identities[id])).ToList();
        return TypedResults.Ok(new Page<User>(members, memberships.NextPageToken));
    }
}
