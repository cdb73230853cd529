using Microsoft.Data.Sqlite;
using NovaId.Api.Gateway;
using NovaId.Api.Http;

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
        // To the millisecond, as the database keeps it, so that the answer and a later one agree.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
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

    public Task<Document?> UpdateAsync(Guid id, DocumentContent content, CancellationToken cancellationToken) =>
        store.UpdateAsync(id, content, time.GetUtcNow(), cancellationToken);

    /// <summary>Deletes the document; false if there is none.</summary>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(id, cancellationToken);
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return false;
        }

        var tuples = await keto.ListAllAsync(DocumentTuples.All(id), cancellationToken);
        await keto.PatchAsync(tuples, [], CancellationToken.None);
        try
        {
            await store.DeleteAsync(id, CancellationToken.None);
            return true;
        }
        catch (SqliteException)
        {
            await RestoreAsync(id, tuples);
            throw;
        }
    }

    /// <summary>Replaces the whole sharing in one transaction; false if there is no such document.</summary>
    public async Task<bool> ShareAsync(Guid id, Sharing sharing, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(id, cancellationToken);
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return false;
        }

        var present = (await keto.ListAllAsync(DocumentTuples.All(id), cancellationToken)).Where(DocumentTuples.IsSharing).ToHashSet();
        var wanted = DocumentTuples.Of(id, sharing).ToHashSet();
        await keto.PatchAsync(present.Except(wanted), wanted.Except(present), CancellationToken.None);
        return true;
    }

    // Sharing anew while the document is deleted would leave tuples of a document that is gone.
    private Task<IDisposable> EnterAsync(Guid id, CancellationToken cancellationToken) =>
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
