using System.Collections.Concurrent;

namespace NovaId.Emulator.Kratos;

/// <summary>Keeps what has an end, and lets it go some time after that, so that a zone that runs for days does not grow.</summary>
internal sealed class ExpiringStore<T>(TimeProvider time, Func<T, DateTimeOffset> expiry)
    where T : class
{
    /// <summary>How long an entry is still found after its end: whoever comes late is told that it expired, not that it never was.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<Guid, T> _entries = new();
    private int _writes;

    public T? Find(Guid id) => _entries.GetValueOrDefault(id);

    public void Save(Guid id, T entry)
    {
        _entries[id] = entry;
        if (Interlocked.Increment(ref _writes) % 256 == 0)
        {
            var limit = time.GetUtcNow() - Grace;
            foreach (var (key, value) in _entries)
            {
                if (expiry(value) < limit)
                {
                    _entries.TryRemove(key, out _);
                }
            }
        }
    }

    /// <summary>Takes an entry out; of several callers only one gets it.</summary>
    public T? Take(Guid id) => _entries.TryRemove(id, out var entry) ? entry : null;
}
