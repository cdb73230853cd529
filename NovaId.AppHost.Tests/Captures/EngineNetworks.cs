using System.Net;
using System.Text.Json;
using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>Which bridges the networks of an application are, and who had which address there, and when: an engine gives the address of a
/// container that has ended to the next one.</summary>
internal sealed class EngineNetworks : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<string, string> _names;
    private readonly string _suffix;
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<IPAddress, List<(DateTimeOffset Since, string Name)>> _addresses = [];
    private readonly Lock _lock = new();
    private readonly Task _looking;

    private EngineNetworks(Dictionary<string, string> names, string instance)
    {
        (_names, _suffix) = (names, $"-{instance}");
        _looking = Task.Run(LookAsync);
    }

    /// <summary>The bridges, by the network's name in the model.</summary>
    public IReadOnlyDictionary<string, string> Bridges { get; private set; } = new Dictionary<string, string>();

    /// <summary>Begins to look.</summary>
    /// <param name="names">The networks: the engine's name, and the model's.</param>
    /// <param name="instance">What follows the names of this application's containers.</param>
    public static async Task<EngineNetworks> WatchAsync(Dictionary<string, string> names, string instance)
    {
        var networks = new EngineNetworks(names, instance);
        networks.Bridges = (await networks.InspectAsync()).ToDictionary(network => names[network.GetProperty("Name").GetString()!], BridgeOf);
        return networks;
    }

    /// <summary>Who had an address at a moment.</summary>
    public string NameOf(IPAddress address, DateTimeOffset moment)
    {
        lock (_lock)
        {
            // A container speaks before it is looked at.
            return _addresses.TryGetValue(address, out var names)
                ? names.LastOrDefault(entry => entry.Since <= moment + (2 * Look), names[0]).Name
                : address.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                Note(await InspectAsync());
                await Task.Delay(Look, _end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<JsonElement[]> InspectAsync()
    {
        var output = await Docker.OutputAsync(["network", "inspect", .. _names.Keys]);
        return output.Length == 0 ? [] : [.. JsonSerializer.Deserialize<JsonElement>(output).EnumerateArray()];
    }

    private void Note(JsonElement[] networks)
    {
        lock (_lock)
        {
            foreach (var network in networks)
            {
                foreach (var configuration in network.GetProperty("IPAM").GetProperty("Config").EnumerateArray())
                {
                    if (configuration.TryGetProperty("Gateway", out var gateway) && IPAddress.TryParse(gateway.GetString(), out var address))
                    {
                        Note(address, "this machine");
                    }
                }

                foreach (var container in network.GetProperty("Containers").EnumerateObject())
                {
                    var name = container.Value.GetProperty("Name").GetString()!;
                    if (IPAddress.TryParse(container.Value.GetProperty("IPv4Address").GetString()!.Split('/')[0], out var address))
                    {
                        Note(address, name.EndsWith(_suffix, StringComparison.Ordinal) ? name[..^_suffix.Length] : name);
                    }
                }
            }
        }
    }

    private void Note(IPAddress address, string name)
    {
        if (!_addresses.TryGetValue(address, out var names))
        {
            _addresses[address] = names = [];
        }

        if (names.Count == 0 || names[^1].Name != name)
        {
            names.Add((DateTimeOffset.UtcNow, name));
        }
    }

    private static string BridgeOf(JsonElement network) =>
        network.GetProperty("Options").TryGetProperty("com.docker.network.bridge.name", out var name) ? name.GetString()! : $"br-{network.GetProperty("Id").GetString()![..12]}";
}
