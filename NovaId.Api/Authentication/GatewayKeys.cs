using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using NovaId.Api.Gateway;
using JsonWebKey = NovaId.Api.Gateway.JsonWebKey;

namespace NovaId.Api.Authentication;

/// <summary>
/// The public keys of the gateway. They are fetched when one is needed that is not here, and anew every few minutes, so that a key that was
/// withdrawn stops counting; never more than once in a few seconds, whatever the tokens that arrive name.
/// </summary>
internal sealed partial class GatewayKeys(IHttpClientFactory clients, TimeProvider time, ILogger<GatewayKeys> logger)
{
    private const string Path = "gw/.well-known/jwks.json";
    private const int MaximumKeys = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PauseBetweenFetches = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<Snapshot>? _pending;
    private Snapshot? _snapshot;
    private GatewayUnavailableException? _failure;
    private DateTimeOffset _fetchNotBefore = DateTimeOffset.MinValue;

    /// <summary>The key with this id; null if the gateway has none.</summary>
    /// <exception cref="GatewayUnavailableException">The gateway's keys cannot be had, so that the token cannot be judged.</exception>
    public async ValueTask<SecurityKey?> FindAsync(string kid, CancellationToken cancellationToken)
    {
        Task<Snapshot> pending;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var isFresh = _snapshot is not null && now < _snapshot.FetchedAt + Lifetime;
            if (isFresh && _snapshot!.Keys.TryGetValue(kid, out var known))
            {
                return known;
            }

            if (_pending is null && now < _fetchNotBefore)
            {
                // The answer of a moment ago still stands: the key is not there, or nobody knows.
                return _failure is null && isFresh ? null : throw Unavailable();
            }

            pending = _pending ??= Task.Run(FetchAsync, CancellationToken.None);
        }

        using var spending = RequestBudget.Spend();
        return (await pending.WaitAsync(cancellationToken)).Keys.GetValueOrDefault(kid);
    }

    private GatewayUnavailableException Unavailable() =>
        new(GatewayService.Gateway, _failure?.Reason ?? "has not given its keys.", _failure);

    private async Task<Snapshot> FetchAsync()
    {
        try
        {
            var snapshot = await RequestAsync();
            lock (_lock)
            {
                (_snapshot, _failure, _pending, _fetchNotBefore) = (snapshot, null, null, time.GetUtcNow() + PauseBetweenFetches);
            }

            return snapshot;
        }
        catch (Exception e)
        {
            var failure = e as GatewayUnavailableException
                ?? GatewayUnavailableException.Of(GatewayService.Gateway, "does not give its keys.", e);
            lock (_lock)
            {
                (_failure, _pending, _fetchNotBefore) = (failure, null, time.GetUtcNow() + PauseAfterFailure);
            }

            LogNoKeys(failure.Message);
            throw failure;
        }
    }

    private async Task<Snapshot> RequestAsync()
    {
        using var limit = new CancellationTokenSource(GatewayChannel.TotalLimit);
        using var http = clients.CreateClient(GatewayServiceCollectionExtensions.ClientName);
        using var message = await http.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        var response = await GatewayResponse.ReceiveAsync(GatewayService.Gateway, message, limit.Token);
        if (response.Status != HttpStatusCode.OK)
        {
            throw response.Unexpected();
        }

        var keys = new Dictionary<string, SecurityKey>(StringComparer.Ordinal);
        foreach (var key in response.Read(GatewayJson.Default.JsonWebKeySet).Keys.Take(MaximumKeys))
        {
            if (TryImport(key) is { } imported)
            {
                keys[imported.KeyId] = imported;
            }
        }

        return new Snapshot(keys, time.GetUtcNow());
    }

    /// <summary>The key, if it is one for ES256. Nothing else may sign, so nothing else is kept.</summary>
    private static ECDsaSecurityKey? TryImport(JsonWebKey? key)
    {
        if (key is not { Kty: "EC", Crv: "P-256", Use: null or "sig", Alg: null or "ES256", Kid.Length: > 0, X: not null, Y: not null })
        {
            return null;
        }

        try
        {
            var curve = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(key.X), Y = Base64UrlEncoder.DecodeBytes(key.Y) },
            });
            return new ECDsaSecurityKey(curve) { KeyId = key.Kid };
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "No id_token can be judged: {Reason}")]
    private partial void LogNoKeys(string reason);

    private sealed record Snapshot(IReadOnlyDictionary<string, SecurityKey> Keys, DateTimeOffset FetchedAt);
}
