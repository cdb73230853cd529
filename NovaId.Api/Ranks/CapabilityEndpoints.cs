using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;

namespace NovaId.Api.Ranks;

/// <summary>Which rank may do what.</summary>
internal static class CapabilityEndpoints
{
    public static IEndpointRouteBuilder MapCapabilities(this IEndpointRouteBuilder api)
    {
        api.MapGet("/capabilities", ListAsync)
            .RequireCapability(Capabilities.ViewUsers)
            .WithTags("Ranks")
            .WithSummary("The capabilities, and the ranks that have each, as Keto holds them now");
        return api;
    }

    private static async Task<Ok<CapabilityList>> ListAsync(KetoClient keto, CancellationToken cancellationToken)
    {
        var requirements = keto.ListAllAsync(new TupleQuery(Permissions.CapabilityNamespace, Relation: "requires"), cancellationToken);
        var order = keto.ListAllAsync(new TupleQuery(Permissions.RankNamespace, Relation: "higher"), cancellationToken);
        await Task.WhenAll(requirements, order);
        var higher = (await order).ToLookup(tuple => tuple.Object, tuple => tuple.SubjectSet?.Object, StringComparer.Ordinal);
        var required = (await requirements).ToLookup(tuple => tuple.Object, tuple => tuple.SubjectSet?.Object, StringComparer.Ordinal);
        return TypedResults.Ok(new CapabilityList(
        [
            .. Capabilities.All.Select(capability => new CapabilityModel(
                capability,
                [
                    .. RankNames.HighestFirst.Where(rank => required[capability]
                        .Any(lowest => lowest == rank.ToString() || (lowest is not null && higher[lowest].Contains(rank.ToString())))),
                ])),
        ]));
    }
}
