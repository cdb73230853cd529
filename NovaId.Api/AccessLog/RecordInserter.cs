using System.Data.Common;

namespace NovaId.Api.AccessLog;

/// <summary>Inserts records into a segment.</summary>
internal abstract class RecordInserter : IAsyncDisposable
{
    /// <summary>Inserts the records.</summary>
    /// <returns>Whether all of them are there: a trigger that somebody added may swallow one.</returns>
    public abstract Task<bool> InsertAsync(DbTransaction transaction, IReadOnlyList<ChainedRecord> records, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
