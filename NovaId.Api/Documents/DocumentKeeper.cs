using System.Data.Common;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Versions;

namespace NovaId.Api.Documents;

/// <summary>
/// Keeps the database, which has the documents, and Keto, which knows who may see them, together. A document without tuples is nobody's to
/// see, so whatever breaks off half-way shows nothing to anyone.
/// </summary>
internal sealed partial class DocumentKeeper(
    DocumentStore store,
    KetoClient keto,
    KeyedLock locks,
    TimeProvider time,
    ILogger<DocumentKeeper> logger)
{
    public async Task<Document> CreateAsync(DocumentContent content, string owner, CancellationToken cancellationToken)
    {
        var now = Now();
        var document = new Document(Guid.NewGuid(), content.Title, content.Content, owner, now, now);
        await store.InsertAsync(document, cancellationToken);
        try
        {
            await keto.PatchAsync([], [DocumentTuples.Owner(document.Id, owner)], CancellationToken.None);
            return document;
        }
        catch (GatewayUnavailableException)
        {
            await store.DeleteAsync(document.Id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Changes the document; null if there is none.</summary>
    /// <exception cref="RefusalException">It has another version than the change was made from.</exception>
    public async Task<Document?> UpdateAsync(Guid id, DocumentContent content, Preconditions conditions, CancellationToken cancellationToken)
    {
        // Whoever deletes a version must not take a newer one away with it.
        await using var turn = await EnterAsync(id, cancellationToken);
        return await store.UpdateAsync(id, content, Now(), present => conditions.Admit(present.Tag), cancellationToken);
    }

    /// <summary>Deletes the document; false if there is none.</summary>
    /// <exception cref="RefusalException">It has another version than is to be deleted.</exception>
    public async Task<bool> DeleteAsync(Guid id, Preconditions conditions, CancellationToken cancellationToken)
    {
        await using var turn = await EnterAsync(id, cancellationToken);
        if (await store.FindAsync(id, cancellationToken) is not { } present)
        {
            return false;
        }

        conditions.Admit(present.Tag);

        var tuples = await keto.ListAllAsync(DocumentTuples.All(id), cancellationToken);
        await turn.ConfirmAsync();
        await keto.PatchAsync(tuples, [], CancellationToken.None);
        try
        {
            await store.DeleteAsync(id, CancellationToken.None);
            return true;
        }
        catch (DbException)
        {
            await RestoreAsync(id, tuples);
            throw;
        }
    }

    /// <summary>Whom the document is shared with; null if there is none.</summary>
    public async Task<Sharing?> FindSharingAsync(Guid id, CancellationToken cancellationToken)
    {
        var tuples = keto.ListAllAsync(DocumentTuples.All(id), cancellationToken);
        var document = store.FindAsync(id, cancellationToken);
        await Task.WhenAll(tuples, document);
        return await document is null ? null : DocumentTuples.Read(await tuples);
    }

    /// <summary>Replaces the whole sharing in one transaction; null if there is no such document.</summary>
    /// <exception cref="RefusalException">It has another version than the change was made from.</exception>
    public async Task<Sharing?> ShareAsync(Guid id, Sharing sharing, Preconditions conditions, CancellationToken cancellationToken)
    {
        await using var turn = await EnterAsync(id, cancellationToken);
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return null;
        }

        var present = (await keto.ListAllAsync(DocumentTuples.All(id), cancellationToken)).Where(DocumentTuples.IsSharing).ToHashSet();
        conditions.Admit(DocumentTuples.Read(present).Tag);
        var wanted = DocumentTuples.Of(id, sharing).ToHashSet();
        await turn.ConfirmAsync();
        await keto.PatchAsync(present.Except(wanted), wanted.Except(present), CancellationToken.None);
        return DocumentTuples.Read(wanted);
    }

    // To the millisecond, as the database keeps it, so that the answer and a later one agree.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    // Sharing anew while the document is deleted would leave tuples of a document that is gone.
    private Task<Turn> EnterAsync(Guid id, CancellationToken cancellationToken) =>
        locks.EnterAsync($"document:{id}", cancellationToken);

    private async Task RestoreAsync(Guid id, IReadOnlyList<RelationTuple> tuples)
    {
        try
        {
            await keto.PatchAsync([], tuples, CancellationToken.None);
        }
        catch (GatewayUnavailableException e)
        {
            LogInvisible(id, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "The document {Document} was neither deleted nor given back to those who may see it. {Reason}")]
    private partial void LogInvisible(Guid document, string reason);
}
