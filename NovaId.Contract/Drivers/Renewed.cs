namespace NovaId.Contract.Drivers;

/// <summary>What cases share that holds access tokens: they live ten minutes, and the cases on a slow machine take longer.</summary>
/// <param name="makeAsync">Makes it anew; what fails is not kept.</param>
internal sealed class Renewed<T>(Func<Task<T>> makeAsync)
{
    /// <summary>A case that takes it at the last moment still has four minutes.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(6);

    private readonly Lock _lock = new();
    private (Task<T> Value, DateTimeOffset Until)? _current;

    public Task<T> GetAsync()
    {
        lock (_lock)
        {
            if (_current is not { } current || current.Until < DateTimeOffset.UtcNow || current.Value.IsFaulted)
            {
                _current = current = (makeAsync(), DateTimeOffset.UtcNow + Lifetime);
            }

            return current.Value;
        }
    }
}
