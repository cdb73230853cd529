using NovaId.Api.Storage;

namespace NovaId.Api.Http;

/// <summary>One at a time for each key, on all instances of the API together: a person's rank, a document's sharing.</summary>
/// <param name="shared">The locks among instances; null where there is one instance.</param>
internal sealed class KeyedLock(PostgresLocks? shared = null) : IAsyncDisposable
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn; disposing ends it.</summary>
    /// <exception cref="RefusalException">Those before take too long.</exception>
    /// <exception cref="System.Data.Common.DbException">The database that keeps the locks does not answer.</exception>
    public async Task<Turn> EnterAsync(string key, CancellationToken cancellationToken)
    {
        var entry = await EnterHereAsync(key, cancellationToken);
        if (shared is null)
        {
            return new Turn(() => Task.FromResult(true), () => LeaveHere(key, entry));
        }

        try
        {
            var session = await shared.TryEnterAsync(key, MaximumWait, cancellationToken) ?? throw TooLong();
            return new Turn(() => shared.HoldsAsync(session), () => LeaveAsync(key, entry, session));
        }
        catch
        {
            await LeaveHere(key, entry);
            throw;
        }
    }

    public ValueTask DisposeAsync() => shared?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static RefusalException TooLong() =>
        Refusal.Unavailable("API", "waited too long for another change of the same thing").AsException();

    private async Task<Entry> EnterHereAsync(string key, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out entry))
            {
                _entries[key] = entry = new Entry();
            }

            entry.Users++;
        }

        try
        {
            if (await entry.Turn.WaitAsync(MaximumWait, cancellationToken))
            {
                return entry;
            }
        }
        catch
        {
            Forget(key, entry);
            throw;
        }

        Forget(key, entry);
        throw TooLong();
    }

    private async Task LeaveAsync(string key, Entry entry, long session)
    {
        try
        {
            await shared!.LeaveAsync(key, session);
        }
        finally
        {
            await LeaveHere(key, entry);
        }
    }

    private Task LeaveHere(string key, Entry entry)
    {
        entry.Turn.Release();
        Forget(key, entry);
        return Task.CompletedTask;
    }

    private void Forget(string key, Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users == 0)
            {
                _entries.Remove(key);
                entry.Turn.Dispose();
            }
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
