using NovaId.Contract;

namespace NovaId.Tests.Zones;

/// <summary>Real Ory, wherever it is to be had: the zone that NOVAID_GATEWAY names, else the programs in the folder that NOVAID_ORY_BIN
/// names. Without either, every case is skipped and says so.</summary>
public class RealZone : IZone, IAsyncDisposable
{
    private readonly IZone _zone;

    public RealZone()
        : this(canFail: false)
    {
    }

    /// <param name="canFail">Whether there are switches that make its services fail, where it is not somebody else's.</param>
    protected RealZone(bool canFail)
    {
        _zone = ExternalZone.IsNamed ? new ExternalZone() : new NativeZone(canFail);
    }

    public string Kind => _zone.Kind;

    public Uri Gateway => _zone.Gateway;

    public Uri? Api => _zone.Api;

    public ServiceClient Operator => _zone.Operator;

    public bool HasApiInstances => _zone.HasApiInstances;

    public IUpstreamRecorder? Upstream => _zone.Upstream;

    public IFaults? Faults => _zone.Faults;

    public bool CanExpireSessions => _zone.CanExpireSessions;

    public bool CanAgeSessions => _zone.CanAgeSessions;

    public bool CanExpireCodes => _zone.CanExpireCodes;

    public bool EndsWithTheTests => _zone.EndsWithTheTests;

    public ValueTask EnsureReadyAsync() => _zone.EnsureReadyAsync();

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken) => _zone.ExpireSessionAsync(sessionId, cancellationToken);

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken) =>
        _zone.AgeSessionAsync(sessionId, age, cancellationToken);

    public Task ExpireCodesAsync(string flowId, CancellationToken cancellationToken) => _zone.ExpireCodesAsync(flowId, cancellationToken);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ((IAsyncDisposable)_zone).DisposeAsync();
    }
}
