using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;

namespace NovaId.Api.Ranks;

/// <summary>
/// Who may change what about whom. Nobody changes their own; whoever changes another commands the rank that one holds, and the one they
/// are to get. Whoever holds no rank is commanded by anyone who has the capability for the change.
/// </summary>
internal sealed class Hierarchy(KratosClient kratos, KetoClient keto)
{
    /// <summary>The rank that stands in the way; null if none does.</summary>
    /// <param name="commanded">The ranks the caller commands.</param>
    /// <param name="present">The ranks the person holds.</param>
    /// <param name="next">The rank the person is to get; null for none.</param>
    public static Rank? FirstNotCommanded(IReadOnlySet<Rank> commanded, IEnumerable<Rank> present, Rank? next)
    {
        IEnumerable<Rank> involved = next is { } rank ? present.Append(rank) : present;
        return involved.Where(one => !commanded.Contains(one)).Select(one => (Rank?)one).FirstOrDefault();
    }

    /// <summary>Refuses whoever would change something about themselves. It asks nobody.</summary>
    public static void RequireAnother(Caller caller, Guid person, string what)
    {
        if (caller.Subject.AnsweringPerson == person)
        {
            throw Refusal.Forbidden($"to command another person: {what} is changed by somebody above", "oneself").AsException();
        }
    }

    /// <summary>How the caller stands to another person about whom they would change something other than the rank.</summary>
    /// <exception cref="RefusalException">It is about themselves, there is no such person, or the caller does not command them.</exception>
    public Task<Standing> RequireCommandOfAnotherAsync(Caller caller, Guid person, string what, CancellationToken cancellationToken)
    {
        RequireAnother(caller, person, what);
        return RequireCommandAsync(caller, person, next: null, cancellationToken);
    }

    /// <summary>How the caller stands to a person, who must exist; everything is asked at the same time.</summary>
    /// <exception cref="RefusalException">There is no such person, or the caller does not command them or the next rank.</exception>
    public async Task<Standing> RequireCommandAsync(Caller caller, Guid person, Rank? next, CancellationToken cancellationToken)
    {
        var subject = caller.Subject.CommandingSubject;
        var identity = kratos.FindIdentityAsync(person, cancellationToken);
        var memberships = keto.ListAllAsync(RankMemberships.Of(person.ToString()), cancellationToken);
        var commands = keto.CheckAsync(
            [.. RankNames.HighestFirst.Select(rank => Permissions.RankCommands(rank, subject))],
            cancellationToken);
        await Task.WhenAll(identity, memberships, commands);

        var answers = await commands;
        var standing = new Standing(
            await identity ?? throw Refusal.NotFound("There is no person with this id.").AsException(),
            RankMemberships.Read(await memberships),
            RankNames.HighestFirst.Where((_, index) => answers[index]).ToHashSet());
        return FirstNotCommanded(standing.Commanded, standing.Ranks, next) is { } rank
            ? throw Refusal.Forbidden($"to command rank {rank}", $"does not command {rank}").AsException()
            : standing;
    }
}
