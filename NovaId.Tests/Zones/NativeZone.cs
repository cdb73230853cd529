using NovaId.Contract;
using NovaId.Native;

namespace NovaId.Tests.Zones;

/// <summary>The real Ory programs with the API of this repository. It is started by the first case that needs it.</summary>
public sealed class NativeZone : IZone, IAsyncDisposable
{
    private readonly string? _programs = Environment.GetEnvironmentVariable(NativeServices.Variable);
    private readonly Lazy<Task> _ready;
    private NativeServices? _services;
    private UpstreamRecorder? _recorder;
    private ApiUnderTest? _api;

    public NativeZone()
    {
        _ready = new(StartAsync);
    }

    public string Kind => "real Ory programs";

    public Uri Gateway => _services!.Gateway;

    public Uri? Api => _recorder?.Api;

    public ServiceClient Operator => new("novaid-operator", _services!.SecretOf("novaid-operator"));

    public IUpstreamRecorder? Upstream => _recorder;

    public bool CanExpireSessions => true;

    public bool CanAgeSessions => true;

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

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[_api, _services, _recorder])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    private Task UpdateSessionAsync(string sessionId, string set) =>
        _services!.ExecuteAsync("kratos", $"UPDATE sessions SET {set} WHERE id = '{Guid.Parse(sessionId)}';");

    private async Task StartAsync()
    {
        _recorder = await UpstreamRecorder.StartAsync();
        _services = await NativeServices.StartAsync(_programs!, _recorder.Address);
        _api = await ApiUnderTest.StartAsync(Gateway, new("novaid-api", _services.SecretOf("novaid-api")));
        _recorder.Api = _api.Address;
    }
}
