using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Limits;

namespace NovaId.Api.Public;

/// <summary>What needs no caller.</summary>
internal static class PublicEndpoints
{
    public static IEndpointRouteBuilder MapPublic(this IEndpointRouteBuilder api)
    {
        var open = api.MapGroup("").WithTags("Public").AllowWithoutCaller("It says nothing about anyone.");
        open.MapGet("/health", Health).AllowWithoutLimit("Under a flood the answer counts most.").WithName("getHealth").WithSummary("Whether the API answers");
        open.MapGet("/public", Public).WithName("getPublic").WithSummary("What anyone may read");
        return api;
    }

    private static Ok<HealthResponse> Health() => TypedResults.Ok(new HealthResponse("healthy"));

    private static Ok<PublicResponse> Public() =>
        TypedResults.Ok(new PublicResponse("NovaId", "Everything else here asks who you are. Log in at the gateway."));
}
