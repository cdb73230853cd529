using System.Net;
using NovaId.Contract;
using NovaId.Emulator;

namespace NovaId.Tests.Zones;

/// <summary>The embedded zone, in this process, on free ports. It is started by the first case that needs it.</summary>
public class EmulatorZone : IZone, IAsyncDisposable
{
    private readonly Lazy<Task> _ready;
    private readonly bool _canFail;
    private UpstreamRecorder? _recorder;
    private FaultProxies? _faults;
    private EmbeddedZone? _zone;

    public EmulatorZone()
        : this(canFail: false)
    {
    }

    /// <param name="canFail">Whether there are switches that make its services fail.</param>
    protected EmulatorZone(bool canFail)
    {
        _canFail = canFail;
        _ready = new(StartAsync);
    }

    public string Kind => "emulator";

    public Uri Gateway => _zone!.Gateway;

    public Uri? Api => _zone!.Api;

    public ServiceClient Operator => ServiceClient.WithKey("novaid-operator", _zone!.OperatorKey);

    public IUpstreamRecorder? Upstream => _recorder;

    public IFaults? Faults => _faults;

    public bool CanExpireSessions => true;

    public bool CanAgeSessions => true;

    public bool CanExpireCodes => true;

    public bool EndsWithTheTests => true;

    public async ValueTask EnsureReadyAsync() => await _ready.Value;

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        _zone!.ExpireSession(Guid.Parse(sessionId));
        return Task.CompletedTask;
    }

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken)
    {
        _zone!.AgeSession(Guid.Parse(sessionId), age);
        return Task.CompletedTask;
    }

    public Task ExpireCodesAsync(string flowId, CancellationToken cancellationToken)
    {
        _zone!.ExpireCodes(Guid.Parse(flowId));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_zone is not null)
        {
            await _zone.DisposeAsync();
        }

        if (_faults is not null)
        {
            await _faults.DisposeAsync();
        }

        if (_recorder is not null)
        {
            await _recorder.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        _recorder = await UpstreamRecorder.StartAsync();
        _faults = _canFail ? new FaultProxies() : null;
        _zone = await EmbeddedZone.StartAsync(new EmbeddedZoneOptions
        {
            GatewayPort = 0,
            ApiPort = 0,
            DemoPort = 0,
            SeedPeople = false,
            LogLevel = Microsoft.Extensions.Logging.LogLevel.None,
            Interpose = _faults is null ? null : _faults.InterposeAsync,
            ApiUpstream = api =>
            {
                _recorder.Api = new Uri($"http://{api}");
                return IPEndPoint.Parse(_recorder.Address.Authority);
            },
        });
    }
}
