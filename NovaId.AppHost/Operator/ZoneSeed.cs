using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NovaId.AppHost.Drills;

namespace NovaId.AppHost.Operator;

/// <summary>
/// Brings a zone to what <c>ory-config</c> says: the tuples of ranks and capabilities, exactly those, and a first General. A zone that is
/// so already is left alone.
/// </summary>
internal sealed class ZoneSeed(OperatorClient client, ZoneConfiguration configuration, string general)
{
    /// <summary>Only the operator can write it, so nobody can register as the one who is to become General.</summary>
    private const string Mark = "seeded";

    /// <summary>Seeds the zone.</summary>
    /// <returns>The first General's password if it was made now; null if there is a General already.</returns>
    /// <exception cref="OperatorException">The zone refused, or somebody else has the General's e-mail address.</exception>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        // A right that the file no longer gives must not outlive it, so what is too much goes as well.
        var present = new List<RelationTuple>();
        foreach (var (@namespace, relation) in configuration.Tuples.Select(tuple => (tuple.Namespace, tuple.Relation)).Distinct())
        {
            present.AddRange(await client.ListAsync(@namespace, null, relation, null, cancellationToken));
        }

        await client.ChangeAsync([.. configuration.Tuples.Except(present)], [.. present.Except(configuration.Tuples)], cancellationToken);

        var highest = configuration.Ranks[0];
        if ((await client.MembersAsync(highest, cancellationToken)).Count > 0)
        {
            // The one of a drill that was killed is none.
            await DrillCast.DismissAsync(client, cancellationToken);
        }

        return (await client.MembersAsync(highest, cancellationToken)).Count > 0 ? null : await CreateGeneralAsync(highest, cancellationToken);
    }

    private async Task<string> CreateGeneralAsync(string rank, CancellationToken cancellationToken)
    {
        if (await client.FindOrNullAsync(general, cancellationToken) is { } registered)
        {
            // Made by a start that ended before it could give the rank, and its password is known to nobody; or somebody else.
            if (registered["metadata_admin"]?[Mark]?.GetValue<bool>() is not true)
            {
                throw new OperatorException(
                    $"There is no {rank}, and {general} is registered by somebody else. Name another address in Zone:General, or make a {rank} with the command 'Give or take a rank'.");
            }

            await client.DeletePersonAsync(registered["id"]!.GetValue<string>(), cancellationToken);
        }

        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        var name = new JsonObject { ["first"] = "First", ["last"] = rank };
        var id = await client.CreatePersonAsync(general, password, name, new JsonObject { [Mark] = true }, cancellationToken);
        await client.SetRankAsync(id, rank, cancellationToken);
        return password;
    }
}
