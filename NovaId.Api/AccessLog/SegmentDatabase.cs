using System.Data.Common;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>What a segment lies in, and what that does in its own way.</summary>
/// <param name="database">The database.</param>
/// <param name="records">The table of the records, as SQL names it.</param>
/// <param name="head">The table of the head, as SQL names it.</param>
internal abstract class SegmentDatabase(Database database, string records, string head) : IAsyncDisposable
{
    public Database Database => database;

    public string Records => records;

    public string Head => head;

    /// <summary>How many of the two tables there are.</summary>
    public abstract Task<long> CountTablesAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>How many bytes the segment takes.</summary>
    public abstract Task<long> ReadSizeAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>What inserts the records of a batch, and may keep for the next what it prepared.</summary>
    public abstract RecordInserter CreateInserter(DbConnection connection);

    /// <summary>Writes no more.</summary>
    public abstract Task CloseAsync();

    public abstract ValueTask DisposeAsync();
}
