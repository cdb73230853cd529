namespace NovaId.AppHost.Tests.Captures;

/// <summary>Everything that passes the networks of an application, from before its first container starts.</summary>
internal sealed class ZoneCapture : IAsyncDisposable
{
    private readonly EngineNetworks _networks;
    private readonly NetworkCapture[] _captures;

    private ZoneCapture(EngineNetworks networks) =>
        (_networks, _captures) = (networks, [.. networks.Bridges.Select(bridge => new NetworkCapture(bridge.Key, bridge.Value))]);

    /// <summary>How many frames were lost; known at the end.</summary>
    public long Lost => _captures.Sum(capture => capture.Lost);

    /// <summary>The networks, and how many frames of each there were.</summary>
    public IEnumerable<(string Network, long Frames)> Frames => _networks.Bridges.Keys.Zip(_captures.Select(capture => capture.Frames));

    /// <summary>Begins. The networks are there, and nobody is on them yet.</summary>
    /// <param name="names">The networks: the engine's name, and the model's.</param>
    /// <param name="instance">What follows the names of this application's containers.</param>
    public static async Task<ZoneCapture> BeginAsync(Dictionary<string, string> names, string instance) =>
        new(await EngineNetworks.WatchAsync(names, instance));

    /// <summary>Ends, and says what was seen.</summary>
    public IReadOnlyList<CapturedConnection> End()
    {
        foreach (var capture in _captures)
        {
            capture.Stop();
        }

        return [.. _captures.SelectMany(capture => capture.Connections)];
    }

    /// <summary>Which hop a connection is: who asked whom, at which port.</summary>
    public string HopOf(CapturedConnection connection) => FormattableString.Invariant(
        $"{_networks.NameOf(connection.Client.Address, connection.Since)} → {_networks.NameOf(connection.Server.Address, connection.Since)}:{connection.Server.Port}");

    public async ValueTask DisposeAsync()
    {
        await _networks.DisposeAsync();
        foreach (var capture in _captures)
        {
            capture.Dispose();
        }
    }
}
