namespace NovaId.Emulator.Hydra;

/// <summary>The ids of the assertions that clients have used, each until the assertion has run out by itself: none counts twice.</summary>
internal sealed class UsedAssertions(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _expiries = new(StringComparer.Ordinal);

    public bool Contains(string id)
    {
        lock (_lock)
        {
            return _expiries.TryGetValue(id, out var expiry) && expiry > Now();
        }
    }

    /// <summary>Remembers an id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="expiry">When its assertion runs out, in seconds since 1970.</param>
    /// <returns>Whether it was not known.</returns>
    public bool TryAdd(string id, long expiry)
    {
        lock (_lock)
        {
            var now = Now();
            foreach (var (known, _) in _expiries.Where(pair => pair.Value <= now).ToList())
            {
                _expiries.Remove(known);
            }

            return _expiries.TryAdd(id, expiry);
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();
}
