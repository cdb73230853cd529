using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authentication;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Ranks;
using NovaId.Api.Users;

namespace NovaId.Api.Me;

/// <summary>The caller, about the caller.</summary>
internal static class MeEndpoints
{
    public static IEndpointRouteBuilder MapMe(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Me").RequireCaller();
        me.MapGet("", Get).WithName("getMe").WithSummary("Who the caller is, and how they showed it");
        me.MapGet("/permissions", GetPermissions).AskAlong(new MyPermissionsQuestions()).WithName("getMyPermissions").WithSummary("What the caller may do");
        return api;
    }

    private static Ok<MeResponse> Get(Caller caller) => TypedResults.Ok(new MeResponse(
        caller.Subject.Kind == CallerKind.Person ? caller.Subject.Id : caller.Subject.ClientId!,
        caller.Subject.Kind == CallerKind.Person ? "person" : "client",
        caller.Identity?.Traits.Email,
        PersonNameModel.Of(caller.Identity),
        Identity.Active,
        caller.Rank,
        new AuthenticationModel(
            caller.Token.Method == AuthenticationMethod.Session ? "session" : "oauth2",
            caller.Token.SessionId,
            caller.Token.ClientId,
            caller.Token.AssuranceLevel),
        caller.Scopes));

    private static Ok<MyPermissions> GetPermissions(Caller caller, PermissionAnswers answers) => TypedResults.Ok(new MyPermissions(
        caller.Rank,
        [.. RankNames.HighestFirst.Where(rank => answers[Permissions.RankAtLeast(rank, caller.Subject.Id)])],
        [.. Capabilities.All.Where(capability => answers.AllowsAll(caller.Subject.AsksForCapability(capability)))]));
}
