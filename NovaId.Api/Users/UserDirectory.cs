using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Ranks;

namespace NovaId.Api.Users;

/// <summary>Finds people, and says which rank each of them holds.</summary>
internal sealed class UserDirectory(KratosClient kratos, KetoClient keto)
{
    /// <summary>A page of the people that are searched for. What Kratos and Keto cannot search for is left out of their page, so that a
    /// page may hold fewer people than were asked for.</summary>
    public async Task<Page<UserWithRank>> FindAsync(UserSearch search, PageRequest page, CancellationToken cancellationToken)
    {
        var (people, next) = search switch
        {
            { Email: { } email } => (await kratos.FindByIdentifierAsync(email, cancellationToken), null),
            { Rank: { } rank } => await ListMembersAsync(rank, page, cancellationToken),
            _ => await ListAsync(page, cancellationToken),
        };
        var found = people.Where(search.Admits).ToList();
        var ranks = await RanksOfAsync(found, cancellationToken);
        return new Page<UserWithRank>(
            [
                .. found.Zip(ranks, UserWithRank.Of).Where(user => search.Rank is null || user.Rank == search.Rank),
            ],
            next);
    }

    private async Task<(IReadOnlyList<Identity> People, string? Next)> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var list = await kratos.ListIdentitiesAsync(page.Size, page.Token, cancellationToken);
        return (list.Items, list.NextPageToken);
    }

    private async Task<(IReadOnlyList<Identity> People, string? Next)> ListMembersAsync(
        Rank rank,
        PageRequest page,
        CancellationToken cancellationToken)
    {
        var memberships = await keto.ListAsync(RankMemberships.Of(rank), page.Size, page.Token, cancellationToken);

        // Programs may hold a rank, and a person may be gone while Keto still names them: neither is a person to show.
        var ids = memberships.Items
            .Select(membership => CanonicalUuid.TryParse(membership.SubjectId, out var id) ? id : (Guid?)null)
            .OfType<Guid>().Distinct().ToList();
        var identities = await kratos.FindIdentitiesAsync(ids, cancellationToken);
        return ([.. ids.Where(identities.ContainsKey).Select(id => identities[id])], memberships.NextPageToken);
    }

    /// <summary>The highest rank of each, asked for all of them at once.</summary>
    private async Task<IEnumerable<Rank?>> RanksOfAsync(IReadOnlyList<Identity> people, CancellationToken cancellationToken)
    {
        var questions = people
            .SelectMany(person => RankNames.HighestFirst.Select(rank => RankMemberships.Membership(rank, person.Id.ToString())))
            .ToList();
        var answers = await keto.CheckAsync(questions, cancellationToken);
        return answers
            .Chunk(RankNames.HighestFirst.Count)
            .Select(held => held.IndexOf(true) is var index and >= 0 ? RankNames.HighestFirst[index] : (Rank?)null);
    }
}
