using System.Buffers.Text;
using System.Security.Cryptography;

namespace NovaId.Operator;

/// <summary>
/// Brings a zone to what its configuration says: the tuples of ranks and capabilities, exactly those, and a first General. A zone that is
/// so already is left alone, and one whose seeding was interrupted is completed.
/// </summary>
/// <param name="client">The operator at the zone's gateway.</param>
/// <param name="configuration">What the zone is to be.</param>
/// <param name="general">The e-mail address of the first General, where the zone has none; null if it must have one.</param>
public sealed class ZoneSeed(OperatorClient client, ZoneConfiguration configuration, string? general)
{
    /// <summary>Only the operator can write it, so nobody can register as the one who is to become General.</summary>
    private const string Mark = "seeded";

    /// <summary>Whether the first General gets a generated password. Without one, the account opens by a recovery alone, that is to whoever
    /// reads the mails of that address.</summary>
    public bool GeneratesPassword { get; init; }

    /// <summary>Seeds the zone.</summary>
    /// <param name="cancellationToken">Gives up; the next time completes it.</param>
    /// <returns>What was changed.</returns>
    /// <exception cref="OperatorException">The zone refused, nobody is named as General, or somebody else has that e-mail address.</exception>
    public async Task<SeedResult> RunAsync(CancellationToken cancellationToken)
    {
        // A right that the file no longer gives must not outlive it, so what is too much goes as well.
        var present = new List<RelationTuple>();
        foreach (var (@namespace, relation) in configuration.Tuples.Select(tuple => (tuple.Namespace, tuple.Relation)).Distinct())
        {
            present.AddRange(await client.ListAsync(@namespace, null, relation, null, cancellationToken));
        }

        RelationTuple[] missing = [.. configuration.Tuples.Except(present)];
        RelationTuple[] tooMuch = [.. present.Except(configuration.Tuples)];
        await client.ChangeAsync(missing, tooMuch, cancellationToken);

        var highest = configuration.Ranks[0];
        var result = new SeedResult(missing.Length, tooMuch.Length, null);
        if ((await client.MembersAsync(highest, cancellationToken)).Count > 0)
        {
            return result;
        }

        var password = GeneratesPassword ? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18)) : null;
        await EnlistAsync(highest, password, cancellationToken);
        return result with { General = general, Password = password };
    }

    private async Task EnlistAsync(string rank, string? password, CancellationToken cancellationToken)
    {
        if (general is null)
        {
            throw new OperatorException($"There is no {rank}, and nobody is named to become one. Name an e-mail address.") { Failure = OperatorFailure.BadInput };
        }

        var registered = await client.FindOrNullAsync(general, cancellationToken);
        if (registered?.IsMarked(Mark) is false)
        {
            throw new OperatorException($"There is no {rank}, and {general} is registered by somebody else. Name another address, or give that account the rank {rank} if it is who you mean.");
        }

        // Made by a seeding that ended before it could give the rank. A password that was generated then is known to nobody.
        if (registered is not null && password is not null)
        {
            await client.DeletePersonAsync(registered.Id, cancellationToken);
            registered = null;
        }

        var id = registered?.Id ?? await client.CreatePersonAsync(new(general, "First", rank) { Password = password, Mark = Mark }, cancellationToken);
        await client.SetRankAsync(id, rank, cancellationToken);
    }
}
