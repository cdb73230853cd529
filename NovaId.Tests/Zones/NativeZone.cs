using NovaId.Contract;
using NovaId.Native;

namespace NovaId.Tests.Zones;

/// <summary>The real Ory programs with the API of this repository. It is started by the first case that needs it.</summary>
public class NativeZone : IZone, IAsyncDisposable
{
    private readonly string? _programs = Environment.GetEnvironmentVariable(NativeServices.Variable);
    private readonly Lazy<Task> _ready;
    private NativeServices? _services;
    private UpstreamRecorder? _recorder;
    private readonly FaultProxies? _faults;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private IAsyncDisposable? _api;

    public NativeZone()
        : this(canFail: false)
    {
    }

    /// <param name="canFail">Whether there are switches that make its services fail.</param>
    public NativeZone(bool canFail)
    {
        _faults = canFail ? new FaultProxies() : null;
        _ready = new(StartAsync);
    }

    public string Kind => HasApiInstances ? $"real Ory programs, {ApiInstances.Wanted} instances of the API" : "real Ory programs";

    public Uri Gateway => _services!.Gateway;

    public Uri? Api => _recorder?.Api;

    public ServiceClient Operator => ServiceClient.WithKey("novaid-operator", _services!.KeyOf("novaid-operator"));

    public bool HasApiInstances => ApiInstances.Wanted > 1;

    public IUpstreamRecorder? Upstream => _recorder;

    public IFaults? Faults => _faults;

    public bool CanExpireSessions => true;

    public bool CanAgeSessions => true;

    public bool CanExpireCodes => true;

    public bool EndsWithTheTests => true;

    public async ValueTask EnsureReadyAsync()
    {
        Assert.SkipWhen(
            string.IsNullOrEmpty(_programs),
            $"{NativeServices.Variable} names no folder with kratos, keto, hydra and oathkeeper, and NOVAID_GATEWAY no zone that already runs.");
        await _ready.Value;
    }

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        UpdateSessionAsync(sessionId, "expires_at = now() - interval '1 minute'");

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken) =>
        UpdateSessionAsync(sessionId, $"authenticated_at = authenticated_at - interval '{(long)age.TotalSeconds} seconds'");

    public async Task ExpireCodesAsync(string flowId, CancellationToken cancellationToken)
    {
        foreach (var flow in (string[])["recovery", "verification", "login", "registration"])
        {
            await _services!.ExecuteAsync(
                "kratos",
                $"UPDATE identity_{flow}_codes SET expires_at = now() - interval '1 minute' WHERE selfservice_{flow}_flow_id = '{Guid.Parse(flowId)}';");
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var part in (IAsyncDisposable?[])[_api, _services, _recorder, _faults])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _http.Dispose();
    }

    private Task UpdateSessionAsync(string sessionId, string set) =>
        _services!.ExecuteAsync("kratos", $"UPDATE sessions SET {set} WHERE id = '{Guid.Parse(sessionId)}';");

    private async Task StartAsync()
    {
        _recorder = await UpstreamRecorder.StartAsync();
        _services = await NativeServices.StartAsync(_programs!, _recorder.Address, between: _faults is null ? null : StandBeforeAsync);
        var client = ServiceClient.WithKey("novaid-api", _services.KeyOf("novaid-api"));
        if (HasApiInstances)
        {
            var gateway = _faults is null ? Gateway : await _faults.StandBeforeAsync(FaultyService.Gateway, Gateway);
            var instances = await ApiInstances.StartAsync(ApiInstances.Wanted, _http, gateway, Gateway, client, killsOne: _faults is null);
            _api = instances;
            _recorder.Instances = instances;
            _recorder.Api = instances.Address;
            if (_faults is not null)
            {
                _faults.MeasureApi = instances.MeasureMemory;
                _faults.Instances = instances;
            }
        }
        else if (_faults is null)
        {
            var api = await ApiUnderTest.StartAsync(Gateway, client);
            _api = api;
            _recorder.Api = api.Address;
        }
        else
        {
            var api = await ApiProgram.StartAsync(_http, await _faults.StandBeforeAsync(FaultyService.Gateway, Gateway), Gateway, client);
            _api = api;
            _recorder.Api = api.Address;
            _faults.MeasureApi = api.MeasureMemory;
        }
    }

    private Task<Uri> StandBeforeAsync(string service, Uri address) =>
        _faults!.StandBeforeAsync(Enum.Parse<FaultyService>(service, ignoreCase: true), address);
}
