using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Users;

/// <summary>Finding people by what is known of them.</summary>
internal static class UserSearchEndpoints
{
    public static IEndpointRouteBuilder MapUserSearch(this IEndpointRouteBuilder api)
    {
        api.MapGet("/users/search", FindAsync)
            .RequireCapability(Capabilities.ViewUsers)
            .WithPaging()
            .WithQuery("email", "Only the person with this address.")
            .WithQuery("rank", "Only those who hold this rank.")
            .WithQuery("state", "Only those who are active, or inactive.")
            .WithTags("Users")
            .WithSummary("People with their ranks, by address, rank and state")
            .WithDescription("A page may hold fewer people than were asked for; the last page is the one without a nextPageToken.");
        return api;
    }

    private static async Task<Ok<Page<UserWithRank>>> FindAsync(
        UserSearch search,
        PageRequest page,
        UserDirectory directory,
        CancellationToken cancellationToken) => TypedResults.Ok(await directory.FindAsync(search, page, cancellationToken));
}
