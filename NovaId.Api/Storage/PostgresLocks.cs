using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace NovaId.Api.Storage;

/// <summary>
/// Locks on names among all instances: PostgreSQL's advisory locks, all those of an instance in one session
/// (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS). They end with the session, and so with the process. Within
/// an instance a lock excludes nobody: <see cref="Http.KeyedLock"/> does.
/// </summary>
internal sealed class PostgresLocks(PostgresDatabase database) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _using = new(1, 1);
    private NpgsqlConnection? _connection;
    private long _session;

    /// <summary>Waits until no other instance holds the lock.</summary>
    /// <returns>The session that holds it; null if it took too long.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="StorageException">It does not answer in time.</exception>
    public async Task<long?> TryEnterAsync(string name, TimeSpan wait, CancellationToken cancellationToken)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? 2 * pause : pause)
        {
            if (await AskAsync("SELECT pg_try_advisory_lock($1)", name, session: null, MaximumWait, cancellationToken) is (true, var session))
            {
                return session;
            }

            if (waited.Elapsed > wait)
            {
                return null;
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>Whether the session still holds its locks: the database is asked.</summary>
    public async Task<bool> HoldsAsync(long session)
    {
        try
        {
            return await AskAsync("SELECT true", name: null, session, MaximumWait, CancellationToken.None) is (true, _);
        }
        catch (Exception e) when (e is NpgsqlException or StorageException)
        {
            return false;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public async Task LeaveAsync(string name, long session)
    {
        try
        {
            await AskAsync("SELECT pg_advisory_unlock($1)", name, session, Timeout.InfiniteTimeSpan, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The session is gone, and with it the lock.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _using.WaitAsync();
        await ForgetAsync();
        _using.Dispose();
    }

    private static long Number(string name) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>Asks in the session given, or in the present one.</summary>
    /// <returns>The answer, false from a session that is gone, and the session.</returns>
    private async Task<(bool Answer, long Session)> AskAsync(
        string sql,
        string? name,
        long? session,
        TimeSpan wait,
        CancellationToken cancellationToken)
    {
        if (!await _using.WaitAsync(wait, cancellationToken))
        {
            throw new StorageException("The database that keeps the locks does not answer in time.");
        }

        try
        {
            if (session is not null && (session != _session || _connection is null))
            {
                return (false, session.Value);
            }

            if (_connection is null)
            {
                _connection = await database.OpenSessionAsync(cancellationToken);
                _session++;
            }

            await using var command = new NpgsqlCommand(sql, _connection);
            if (name is not null)
            {
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Number(name) });
            }

            // Not given up half way: nobody would know whether the lock is held.
            return (await command.ExecuteScalarAsync(CancellationToken.None) is true, _session);
        }
        catch (NpgsqlException)
        {
            await ForgetAsync();
            throw;
        }
        finally
        {
            _using.Release();
        }
    }

    private async Task ForgetAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
