using System.Collections.Concurrent;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Containers that stand on a network for a moment, to look around. The model does not know them, and they are no fault of the topology:
/// each is announced before it is made and forgotten when it is gone.
/// </summary>
internal sealed class TopologyVisitors
{
    private readonly ConcurrentDictionary<string, bool> _names = [];

    /// <summary>The containers' names at this moment.</summary>
    public IReadOnlySet<string> Names => _names.Keys.ToHashSet();

    public void Announce(string containerName) => _names[containerName] = true;

    public void Forget(string containerName) => _names.TryRemove(containerName, out _);
}
