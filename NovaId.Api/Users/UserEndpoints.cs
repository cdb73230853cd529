using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;
using NovaId.Api.Ranks;
using NovaId.Api.Versions;

namespace NovaId.Api.Users;

/// <summary>The people, and what those above them may change.</summary>
internal static class UserEndpoints
{
    private const string NoPerson = "There is no person with this id.";

    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users");
        users.MapGet("", ListAsync)
            .RequireCapability(Capabilities.ViewUsers)
            .WithPaging()
            .WithName("listUsers").WithSummary("Every person");
        users.MapGet("/{id}", GetAsync)
            .RequireCapability(Capabilities.ViewUsers).WithUuid("id").WithVersion().Refuses(HttpStatusCode.NotFound, NoPerson)
            .WithName("getUser").WithSummary("A person and their rank");
        users.MapGet("/{id}/rank", GetRankAsync)
            .RequireCapability(Capabilities.ViewUsers).WithUuid("id").WithVersion().Refuses(HttpStatusCode.NotFound, NoPerson)
            .WithName("getUserRank").WithSummary("The rank of a person");
        users.MapPut("/{id}/rank", SetRankAsync)
            .RequireCapability(Capabilities.AssignRanks).RequireAssurance().WithUuid("id").WithVersion().Refuses(HttpStatusCode.NotFound, NoPerson)
            .WithName("setUserRank").WithSummary("Give a person a rank, or take it away")
            .WithDescription("The caller must command both the rank the person has and the one they get. Nobody changes their own.");
        users.MapPatch("/{id}", SetStateAsync)
            .RequireCapability(Capabilities.DeactivateUsers).RequireAssurance().WithUuid("id").WithVersion().Refuses(HttpStatusCode.NotFound, NoPerson)
            .WithName("setUserState").WithSummary("Deactivate a person and end their sessions, or activate them again")
            .WithDescription("The caller must command that person.");
        users.MapDelete("/{id}/sessions", EndSessionsAsync)
            .RequireCapability(Capabilities.EditUsers).RequireAssurance().WithUuid("id").Refuses(HttpStatusCode.NotFound, NoPerson)
            .WithName("endUserSessions").WithSummary("End every session of a person")
            .WithDescription("The caller must command that person.");
        users.MapPost("/{id}/recovery", RecoverAsync)
            .RequireCapability(Capabilities.EditUsers).RequireAssurance().WithUuid("id").Refuses(HttpStatusCode.NotFound, NoPerson)
            .WithName("recoverUser").WithSummary("Make a code with which a person gets in again")
            .WithDescription("The caller must command that person, and hands the code over. It is good once, and is shown here and never again.");
        users.MapDelete("/{id}/second-factor", RemoveSecondFactorAsync)
            .RequireCapability(Capabilities.EditUsers).RequireAssurance().WithUuid("id").Refuses(HttpStatusCode.NotFound, NoPerson)
            .WithName("removeUserSecondFactor").WithSummary("Take away a person's second factor, and end their sessions")
            .WithDescription("For somebody who lost their phone. The caller must command that person. A passkey is no second factor and stays.");
        return api;
    }

    private static async Task<Ok<Page<User>>> ListAsync(PageRequest page, KratosClient kratos, CancellationToken cancellationToken)
    {
        var identities = await kratos.ListIdentitiesAsync(page.Size, page.Token, cancellationToken);
        return TypedResults.Ok(new Page<User>([.. identities.Items.Select(User.Of)], identities.NextPageToken));
    }

    private static async Task<Results<Versioned<UserWithRank>, Refusal>> GetAsync(
        Guid id,
        Caller caller,
        KratosClient kratos,
        KetoClient keto,
        CancellationToken cancellationToken)
    {
        if (caller.Identity is { } self && self.Id == id)
        {
            return Versioned(UserWithRank.Of(self, caller.Rank));
        }

        return await FindAsync(id, kratos, keto, cancellationToken) is { } person
            ? Versioned(person)
            : Refusal.NotFound(NoPerson);
    }

    private static async Task<Results<Versioned<UserRank>, Refusal>> GetRankAsync(
        Guid id,
        KratosClient kratos,
        KetoClient keto,
        CancellationToken cancellationToken) =>
        await FindAsync(id, kratos, keto, cancellationToken) is { } person
            ? Versioned(new UserRank(id, person.Rank))
            : Refusal.NotFound(NoPerson);

    private static async Task<Versioned<UserRank>> SetRankAsync(
        Guid id,
        RankChange change,
        Preconditions conditions,
        Caller caller,
        Hierarchy hierarchy,
        KetoClient keto,
        KeyedLock locks,
        CancellationToken cancellationToken)
    {
        Hierarchy.RequireAnother(caller, id, "one's rank");

        // Two changes of one person must not both delete the rank they found and leave the person with two.
        await using var turn = await locks.EnterAsync($"person:{id}", cancellationToken);
        var standing = await hierarchy.RequireCommandAsync(caller, id, change.Rank, cancellationToken);
        if (standing.Identity.IsLeaving)
        {
            throw Refusal.NotFound("There is no person with this id any more: their account is being deleted.").AsException();
        }

        conditions.Admit(new UserRank(id, standing.Rank).Tag);
        var subject = id.ToString();
        await turn.ConfirmAsync();
        await keto.PatchAsync(
            standing.Ranks.Where(rank => rank != change.Rank).Select(rank => RankMemberships.Membership(rank, subject)),
            change.Rank is { } next && !standing.Ranks.Contains(next) ? [RankMemberships.Membership(next, subject)] : [],
            // From here on it is done, whether or not the caller still listens.
            CancellationToken.None);
        return Versioned(new UserRank(id, change.Rank));
    }

    private static async Task<Results<Versioned<UserWithRank>, Refusal>> SetStateAsync(
        Guid id,
        UserChange change,
        Preconditions conditions,
        Caller caller,
        Hierarchy hierarchy,
        KratosClient kratos,
        KeyedLock locks,
        CancellationToken cancellationToken)
    {
        if (change.State is not (Identity.Active or Identity.Inactive))
        {
            return Refusal.BadRequest($"state must be {Identity.Active} or {Identity.Inactive}.");
        }

        Hierarchy.RequireAnother(caller, id, "one's state");
        await using var turn = await locks.EnterAsync($"person:{id}", cancellationToken);
        var standing = await hierarchy.RequireCommandAsync(caller, id, next: null, cancellationToken);
        conditions.Admit(UserWithRank.Of(standing.Identity, standing.Rank).Tag);
        await turn.ConfirmAsync();
        if (await kratos.SetStateAsync(id, change.State, CancellationToken.None) is not { } person)
        {
            return Refusal.NotFound(NoPerson);
        }

        if (!person.IsActive)
        {
            // An inactive person is refused even with a session. If ending the sessions fails, the person stays inactive, as was asked
            // for, and asking again ends them.
            await kratos.DeleteSessionsAsync(id, CancellationToken.None);
        }

        return Versioned(UserWithRank.Of(person, standing.Rank));
    }

    private static async Task<UserWithRank?> FindAsync(Guid id, KratosClient kratos, KetoClient keto, CancellationToken cancellationToken)
    {
        var identity = kratos.FindIdentityAsync(id, cancellationToken);
        var memberships = keto.ListAllAsync(RankMemberships.Of(id.ToString()), cancellationToken);
        await Task.WhenAll(identity, memberships);
        return await identity is { } person ? UserWithRank.Of(person, RankMemberships.Highest(await memberships)) : null;
    }

    private static Versioned<UserWithRank> Versioned(UserWithRank person) => new(person, person.Tag);

    private static Versioned<UserRank> Versioned(UserRank rank) => new(rank, rank.Tag);

    private static async Task<NoContent> EndSessionsAsync(
        Guid id,
        Caller caller,
        Hierarchy hierarchy,
        KratosClient kratos,
        CancellationToken cancellationToken)
    {
        await hierarchy.RequireCommandOfAnotherAsync(caller, id, "one's sessions", cancellationToken);
        await kratos.DeleteSessionsAsync(id, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Created<UserRecovery>, Refusal>> RecoverAsync(
        Guid id,
        Caller caller,
        Hierarchy hierarchy,
        KratosClient kratos,
        CancellationToken cancellationToken)
    {
        await hierarchy.RequireCommandOfAnotherAsync(caller, id, "one's way in", cancellationToken);
        return await kratos.CreateRecoveryCodeAsync(id, CancellationToken.None) is { } code
            ? TypedResults.Created((string?)null, new UserRecovery(code.Code, code.RecoveryLink, code.ExpiresAt))
            : Refusal.NotFound("There is no person with this id.");
    }

    private static async Task<NoContent> RemoveSecondFactorAsync(
        Guid id,
        Caller caller,
        Hierarchy hierarchy,
        KratosClient kratos,
        CancellationToken cancellationToken)
    {
        await hierarchy.RequireCommandOfAnotherAsync(caller, id, "one's second factor", cancellationToken);
        foreach (var factor in IdentityCredentials.SecondFactors)
        {
            // One after the other: Kratos writes an identity's credentials whole, and of two changes at once the first may be undone.
            await kratos.DeleteCredentialAsync(id, factor, CancellationToken.None);
        }

        // Whoever has the phone now may have a session with it. It comes last, so that a repetition after a failure ends them all the same.
        await kratos.DeleteSessionsAsync(id, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
