using System.Diagnostics.CodeAnalysis;

namespace NovaId.Emulator.Gateway;

/// <summary>Remembers values for a time, and no more of them than it has room for: the oldest goes first.</summary>
internal sealed class BoundedCache<TValue>(TimeProvider time, int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = new();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Finds a value that is not older than the given age; null accepts any.</summary>
    public bool TryGet(string key, TimeSpan? maximumAge, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var node) && (maximumAge is null || time.GetUtcNow() - node.Value.Stored < maximumAge))
            {
                value = node.Value.Value;
                return true;
            }

            value = default;
            return false;
        }
    }

    public void Set(string key, TValue value)
    {
        lock (_lock)
        {
            if (_entries.Remove(key, out var previous))
            {
                _order.Remove(previous);
            }
            else if (_entries.Count == capacity)
            {
                _entries.Remove(_order.First!.Value.Key);
                _order.RemoveFirst();
            }

            _entries[key] = _order.AddLast(new Entry(key, value, time.GetUtcNow()));
        }
    }

    private sealed record Entry(string Key, TValue Value, DateTimeOffset Stored);
}
