namespace NovaId.Api.Http;

/// <summary>One at a time for each key: a person's rank, a document's sharing.</summary>
internal sealed class KeyedLock
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn; disposing ends it.</summary>
    /// <exception cref="RefusalException">Those before take too long.</exception>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
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
                return new Releaser(this, key, entry);
            }
        }
        catch
        {
            Leave(key, entry);
            throw;
        }

        Leave(key, entry);
        throw Refusal.Unavailable("API", "waited too long for another change of the same thing").AsException();
    }

    private void Leave(string key, Entry entry)
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

    private sealed class Releaser(KeyedLock owner, string key, Entry entry) : IDisposable
    {
        private bool _isReleased;

        public void Dispose()
        {
            if (_isReleased)
            {
                return;
            }

            _isReleased = true;
            entry.Turn.Release();
            owner.Leave(key, entry);
        }
    }
}
