using System.Globalization;
using System.Net;
using System.Text.Json;
using NovaId.Bench.Instances;
using NovaId.Emulator.Network;
using NovaId.Operator;

namespace NovaId.Bench.Zones;

/// <summary>The embedded zone in one process, the API in another.</summary>
internal sealed class EmulatorZone : IBenchZone
{
    private readonly ChildProcess _host;
    private readonly HostedZone _zone;
    private readonly IReadOnlyList<ApiProcess> _apis;
    private readonly ConnectionBalancer? _balancer;

    private EmulatorZone(ChildProcess host, HostedZone zone, IReadOnlyList<ApiProcess> apis, ConnectionBalancer? balancer, Uri address)
    {
        (_host, _zone, _apis, _balancer, Api) = (host, zone, apis, balancer, address);
    }

    public string Kind => "emulator";

    public Uri Gateway => _zone.Gateway;

    public Uri Api { get; }

    public OperatorAccount Operator => OperatorAccount.WithKey(_zone.OperatorKey);

    public ProcessMeter ApiProcess => _apis[0].Meter;

    /// <summary>CPU time of all instances of the API since their start.</summary>
    public TimeSpan InstancesCpu => _apis.Aggregate(TimeSpan.Zero, (sum, api) => sum + api.Meter.Cpu);

    /// <summary>The gateway and the services.</summary>
    public ProcessMeter HostProcess => _host.Meter;

    public bool IsOurs => true;

    /// <summary>Starts the zone.</summary>
    /// <param name="configurationFolder">Another folder than the copy of <c>ory-config</c>.</param>
    /// <param name="apiSettings">Settings of the API.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="instances">How often the API runs, behind a balancer; null for once, without one.</param>
    /// <param name="through"><see cref="BenchOptions.ApiThrough"/>.</param>
    public static async Task<EmulatorZone> StartAsync(
        string? configurationFolder,
        IReadOnlyDictionary<string, string> apiSettings,
        CancellationToken cancellationToken,
        int? instances = null,
        string? through = null)
    {
        IPEndPoint[] ends = [.. LoopbackPorts.Take(1 + (instances ?? 0)).Select(port => new IPEndPoint(IPAddress.Loopback, port))];
        var api = ends[0];
        string[] configuration = configurationFolder is null ? [] : ["--config", configurationFolder];
        var host = ChildProcess.Start("NovaId.Bench", [ZoneHost.Verb, "--api", api.ToString(), .. configuration], []);
        try
        {
            var zone = await ReadAsync<HostedZone>(host, cancellationToken);
            var processes = new List<ApiProcess>();
            foreach (var end in instances is null ? ends : ends[1..])
            {
                processes.Add(await Zones.ApiProcess.StartAsync(end, zone.Gateway, zone.ApiKey, apiSettings, cancellationToken, WordsOf(through, processes.Count + 1)));
            }

            var balancer = instances is null ? null : new ConnectionBalancer(api, ends[1..]);
            return new EmulatorZone(host, zone, processes, balancer, new Uri($"http://{api}"));
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
        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        foreach (var api in _apis)
        {
            await api.DisposeAsync();
        }

        await _host.DisposeAsync();
    }

    private static string[] WordsOf(string? through, int number) =>
        through?.Replace("{n}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static async Task<T> ReadAsync<T>(ChildProcess host, CancellationToken cancellationToken)
    {
        var line = await host.Output.ReadLineAsync(cancellationToken) ?? throw host.Failure("ended");
        return JsonSerializer.Deserialize<T>(line) ?? throw host.Failure($"answered '{line}'");
    }
}
