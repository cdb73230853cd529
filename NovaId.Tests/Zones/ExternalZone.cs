using System.Diagnostics;
using NovaId.Contract;
using NovaId.Contract.Drivers;

namespace NovaId.Tests.Zones;

/// <summary>A zone that already runs somewhere, of whatever kind. The suite removes from it what it made.</summary>
public sealed class ExternalZone : IZone, IAsyncDisposable
{
    private const string GatewayVariable = "NOVAID_GATEWAY";
    private const string OperatorVariable = "NOVAID_OPERATOR_ID";
    private const string KeyFileVariable = "NOVAID_OPERATOR_KEY_FILE";
    private const string SecretVariable = "NOVAID_OPERATOR_SECRET";

    private readonly string? _gateway = Environment.GetEnvironmentVariable(GatewayVariable);
    private readonly Lazy<Task> _ready;

    public ExternalZone()
    {
        var id = Environment.GetEnvironmentVariable(OperatorVariable) ?? "novaid-operator";
        Operator = Environment.GetEnvironmentVariable(KeyFileVariable) is { Length: > 0 } file
            ? ServiceClient.WithKey(id, File.ReadAllText(file))
            : new(id, Environment.GetEnvironmentVariable(SecretVariable) ?? "");
        _ready = new(WaitAsync);
    }

    /// <summary>Whether the environment names one.</summary>
    public static bool IsNamed => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(GatewayVariable));

    public string Kind => $"zone at {_gateway}";

    public Uri Gateway => new(_gateway!);

    public Uri? Api => null;

    public ServiceClient Operator { get; }

    public IUpstreamRecorder? Upstream => null;

    public bool CanExpireSessions => false;

    public bool CanAgeSessions => false;

    public bool EndsWithTheTests => false;

    public async ValueTask EnsureReadyAsync()
    {
        await _ready.Value;
    }

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        if (_ready.IsValueCreated && _ready.Value.IsCompletedSuccessfully)
        {
            await ZoneTools.For(this).ClearAsync();
        }
    }

    private async Task WaitAsync()
    {
        if (!Uri.TryCreate(_gateway, UriKind.Absolute, out _) || Operator is { Key: null, Secret: "" })
        {
            throw new InvalidOperationException(
                $"{GatewayVariable} must be an address such as http://localhost:4455, and {KeyFileVariable} name the file with the private key "
                + $"of the client that {OperatorVariable} names, or {SecretVariable} be its secret.");
        }

        var waited = Stopwatch.StartNew();
        using var http = new HttpClient { BaseAddress = Gateway, Timeout = TimeSpan.FromSeconds(5) };
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("/api/health", UriKind.Relative));
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not there yet.
            }

            if (waited.Elapsed >= TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"The zone at {_gateway} was not ready within a minute.");
            }

            await Task.Delay(250);
        }
    }
}
