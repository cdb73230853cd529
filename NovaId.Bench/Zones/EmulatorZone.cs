using System.Net;
using System.Text.Json;
using NovaId.Native;

namespace NovaId.Bench.Zones;

/// <summary>The embedded zone in one process, the API in another.</summary>
internal sealed class EmulatorZone : IBenchZone
{
    private readonly ChildProcess _host;
    private readonly HostedZone _zone;
    private readonly ApiProcess _api;

    private EmulatorZone(ChildProcess host, HostedZone zone, ApiProcess api, Uri address)
    {
        (_host, _zone, _api, Api) = (host, zone, api, address);
    }

    public string Kind => "emulator";

    public Uri Gateway => _zone.Gateway;

    public Uri Api { get; }

    public string OperatorId => "novaid-operator";

    public string OperatorSecret => _zone.OperatorSecret;

    public ProcessMeter ApiProcess => _api.Meter;

    /// <summary>The gateway and the services.</summary>
    public ProcessMeter HostProcess => _host.Meter;

    public bool IsOurs => true;

    public static async Task<EmulatorZone> StartAsync(
        string? configurationFolder,
        IReadOnlyDictionary<string, string> apiSettings,
        CancellationToken cancellationToken)
    {
        var api = new IPEndPoint(IPAddress.Loopback, LoopbackPorts.Take(1)[0]);
        string[] configuration = configurationFolder is null ? [] : ["--config", configurationFolder];
        var host = ChildProcess.Start("NovaId.Bench", [ZoneHost.Verb, "--api", api.ToString(), .. configuration], []);
        try
        {
            var zone = await ReadAsync<HostedZone>(host, cancellationToken);
            var process = await Zones.ApiProcess.StartAsync(api, zone.Gateway, zone.ApiSecret, apiSettings, cancellationToken);
            return new EmulatorZone(host, zone, process, new Uri($"http://{api}"));
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the managed heap of the gateway and the services holds, in bytes.</summary>
    public async Task<long> HeapAsync(CancellationToken cancellationToken)
    {
        await _host.Input.WriteLineAsync("memory".AsMemory(), cancellationToken);
        await _host.Input.FlushAsync(cancellationToken);
        return (await ReadAsync<HostedZoneMemory>(_host, cancellationToken)).Heap;
    }

    public Task SettleAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static async Task<T> ReadAsync<T>(ChildProcess host, CancellationToken cancellationToken)
    {
        var line = await host.Output.ReadLineAsync(cancellationToken) ?? throw host.Failure("ended");
        return JsonSerializer.Deserialize<T>(line) ?? throw host.Failure($"answered '{line}'");
    }
}
