using System.Diagnostics.CodeAnalysis;

namespace NovaId.Emulator.Gateway;

/// <summary>Remembers values for a time, and no more of them than it has room for: the oldest goes first.</summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">How many it has room for.</param>
/// <param name="lifetime">How long a value is kept at most; null keeps it while there is room.</param>
internal sealed class BoundedCache<TValue>(TimeProvider time, int capacity, TimeSpan? lifetime = null)
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

            var now = time.GetUtcNow();
            while (_order.First is { Value: var oldest } && (_entries.Count == capacity || now - oldest.Stored >= lifetime))
            {
                _entries.Remove(oldest.Key);
                _order.RemoveFirst();
            }

            _entries[key] = _order.AddLast(new Entry(key, value, now));
        }
    }

    private sealed record Entry(string Key, TValue Value, DateTimeOffset Stored);
}
