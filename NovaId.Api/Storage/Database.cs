using System.Data.Common;

namespace NovaId.Api.Storage;

/// <summary>
/// A database of the API: SQLite beside the program, or PostgreSQL for several instances of it. What the two do in different ways is here
/// and in what derives from it; the SQL of the stores is the same.
/// </summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>What a SELECT ends with whose row is about to be changed, so that nobody comes between.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Reads; several may at the same time.</summary>
    /// <exception cref="DbException">The database does not answer, or not as it must.</exception>
    public abstract Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Writes.</summary>
    /// <exception cref="DbException">The database does not answer, or not as it must.</exception>
    public abstract Task<T> WriteAsync<T>(Func<DbConnection, CancellationToken, Task<T>> write, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that only reads, and sees one and the same moment.</summary>
    public abstract ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
