using System.Net;
using NovaId.Contract;
using NovaId.Emulator.Network;

namespace NovaId.Tests.Zones;

/// <summary>The switches of a zone: a <see cref="FaultProxy"/> before every address of a service, and one between the API and the
/// gateway.</summary>
internal sealed class FaultProxies : IFaults, IAsyncDisposable
{
    private static readonly (FaultyService Service, string Host, int Port)[] PrivateNames =
    [
        (FaultyService.Kratos, "kratos", 4433),
        (FaultyService.Kratos, "kratos", 4434),
        (FaultyService.Keto, "keto", 4466),
        (FaultyService.Keto, "keto", 4467),
        (FaultyService.Hydra, "hydra", 4444),
        (FaultyService.Hydra, "hydra", 4445),
    ];

    private readonly Dictionary<FaultyService, List<FaultProxy>> _proxies = Enum.GetValues<FaultyService>().ToDictionary(service => service, _ => new List<FaultProxy>());

    /// <summary>Measures the memory of the API, where it has a process of its own.</summary>
    public Func<long?>? MeasureApi { get; set; }

    /// <summary>The instances of the API; null where there is one.</summary>
    public ApiInstances? Instances { get; set; }

    public int ApiInstances => Instances?.Count ?? 1;

    /// <summary>Stands before the services of an emulator, and between its API and the gateway.</summary>
    /// <returns>The address that the API takes for the gateway's.</returns>
    public async Task<Uri> InterposeAsync(PrivateNetwork network, Uri gateway)
    {
        foreach (var (service, host, port) in PrivateNames)
        {
            var proxy = await AddAsync(service, new Uri($"http://{host}:{port}"), new SocketsHttpHandler
            {
                ConnectCallback = (_, cancellationToken) => network.ConnectBehindAsync(host, port, cancellationToken),
            });
            network.Divert(host, port, IPEndPoint.Parse(proxy.Address.Authority));
        }

        return await StandBeforeAsync(FaultyService.Gateway, gateway);
    }

    /// <summary>Stands before one address of a service.</summary>
    /// <returns>The address that its callers take for it.</returns>
    public async Task<Uri> StandBeforeAsync(FaultyService service, Uri address) => (await AddAsync(service, address, new SocketsHttpHandler())).Address;

    public bool Supports(FaultyService service, FaultMode mode) => true;

    public async Task<IAsyncDisposable> BeginAsync(FaultyService service, FaultMode mode, CancellationToken cancellationToken)
    {
        await SetAsync(service, mode);
        return new Fault(this, service);
    }

    public Task KillInstanceAsync() => Instances?.KillAsync() ?? throw new NotSupportedException();

    public long? MeasureApiMemory() => MeasureApi?.Invoke();

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values.SelectMany(proxies => proxies))
        {
            await proxy.DisposeAsync();
        }
    }

    private async Task<FaultProxy> AddAsync(FaultyService service, Uri address, SocketsHttpHandler handler)
    {
        var proxy = await FaultProxy.StartAsync(address, handler, isAskedByGateway: service != FaultyService.Gateway);
        lock (_proxies)
        {
            _proxies[service].Add(proxy);
        }

        return proxy;
    }

    private Task SetAsync(FaultyService service, FaultMode? mode) => Task.WhenAll(_proxies[service].Select(proxy => proxy.SetAsync(mode)));

    private sealed class Fault(FaultProxies proxies, FaultyService service) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await proxies.SetAsync(service, null);
    }
}
