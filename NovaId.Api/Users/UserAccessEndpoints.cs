using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Ranks;

namespace NovaId.Api.Users;

/// <summary>How a person gets in, for whoever helps them.</summary>
internal static class UserAccessEndpoints
{
    public static IEndpointRouteBuilder MapUserAccess(this IEndpointRouteBuilder api)
    {
        api.MapGet("/users/{id}/access", GetAsync)
            .RequireCapability(Capabilities.EditUsers).WithUuid("id")
            .WithTags("Users")
            .WithSummary("How a person signs in, and where they are logged in")
            .WithDescription("The caller must command that person. No secret is shown.");
        return api;
    }

    private static async Task<Ok<UserAccess>> GetAsync(
        Guid id,
        Caller caller,
        Hierarchy hierarchy,
        KratosClient kratos,
        CancellationToken cancellationToken)
    {
        var standing = await hierarchy.RequireCommandOfAnotherAsync(caller, id, "one's way in", cancellationToken);
        var sessions = await kratos.ListSessionsAsync(id, cancellationToken);
        return TypedResults.Ok(new UserAccess(
            [
                .. (standing.Identity.Credentials?.SetUp() ?? []).Select(one => new UserCredential(
                    one.Type, IdentityCredentials.SecondFactors.Contains(one.Type), one.Credential.CreatedAt)),
            ],
            [.. sessions.Select(UserSession.Of).OrderByDescending(session => session.Since)]));
    }
}
