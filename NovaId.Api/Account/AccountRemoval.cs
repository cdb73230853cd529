using NovaId.Api.Authorization;
using NovaId.Api.Documents;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Keys;
using NovaId.Api.Versions;

namespace NovaId.Api.Account;

/// <summary>
/// Deletes an account. The first step marks the identity in Kratos, and from then on no request of the person, of their apps and of their
/// keys is allowed but the deletion itself; so nothing that is left half-way is a right, and whoever repeats it goes on where it broke off.
/// The identity goes last: as long as it is there, the person can log in and repeat.
/// </summary>
internal sealed class AccountRemoval(
    KratosClient kratos,
    KetoClient keto,
    HydraClient hydra,
    ApiKeyKeeper keys,
    DocumentKeeper documents,
    DocumentStore store,
    KeyedLock locks,
    TimeProvider time)
{
    private const int BatchSize = 50;

    /// <exception cref="GatewayUnavailableException">It broke off; repeat it.</exception>
    public async Task RemoveAsync(Guid person)
    {
        // Nobody gets a rank while they are deleted. The caller may hang up: what has begun goes on.
        await using var turn = await locks.EnterAsync($"person:{person}", CancellationToken.None);
        NextStep();
        await turn.ConfirmAsync();
        await kratos.MarkLeavingAsync(person, time.GetUtcNow(), CancellationToken.None);
        await RemoveTracesAsync(person);
        NextStep();
        await kratos.DeleteIdentityAsync(person, CancellationToken.None);

        // What somebody else wrote about them in the meantime, for example by sharing a document.
        await RemoveTracesAsync(person);
    }

    /// <summary>Removes everything that is theirs but the identity.</summary>
    public async Task RemoveTracesAsync(Guid person)
    {
        NextStep();
        await Task.WhenAll(
            hydra.RevokeConsentsAsync(person.ToString(), client: null, CancellationToken.None),
            hydra.RevokeLoginsAsync(person.ToString(), CancellationToken.None));
        await RemoveKeysAsync(person);
        await RemoveDocumentsAsync(person);
        await RemoveTuplesAsync(person.ToString());
    }

    private async Task RemoveKeysAsync(Guid person)
    {
        NextStep();
        foreach (var key in await keys.ListAllAsync(person, CancellationToken.None))
        {
            // What Keto knows of the key first: once the client is gone, nobody finds the key again.
            await RemoveTuplesAsync(CallerSubject.ClientPrefix + key.Id);
            NextStep();
            if (ApiKeyId.TryParse(key.Id, out var id))
            {
                await keys.DeleteAsync(id, CancellationToken.None);
            }
        }
    }

    private async Task RemoveDocumentsAsync(Guid person)
    {
        while (await store.ListOwnedAsync(person, before: null, BatchSize, CancellationToken.None) is { Count: > 0 } owned)
        {
            NextStep();
            await Parallel.ForEachAsync(
                owned,
                Concurrency.OfChanges,
                async (document, _) => await documents.DeleteAsync(document.Document.Id, Preconditions.None, CancellationToken.None));
        }
    }

    private async Task RemoveTuplesAsync(string subject)
    {
        foreach (var query in AccountTuples.Of(subject))
        {
            NextStep();
            while (await keto.ListAsync(query, BatchSize, pageToken: null, CancellationToken.None) is { Items: { Count: > 0 } tuples })
            {
                await keto.PatchAsync(tuples, [], CancellationToken.None);
                NextStep();
            }
        }
    }

    /// <summary>Each step has the time that a request has otherwise: an account may hold more than fits into that.</summary>
    private static void NextStep() => RequestBudget.Begin();
}
