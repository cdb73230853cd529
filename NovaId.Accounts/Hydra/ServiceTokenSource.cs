using Microsoft.Extensions.Options;
using NovaId.Accounts.Configuration;
using NovaId.Api.Gateway;
using NovaId.Pages.Configuration;
using NovaId.Pages.Gateway;

namespace NovaId.Accounts.Hydra;

/// <summary>The service token of these pages (client credentials, RFC 6749, section 4.4), kept until most of its time is over.</summary>
internal sealed class ServiceTokenSource(
    GatewayClient gateway, ClientCredential credential, IOptions<ServiceClientOptions> options, IOptions<GatewayOptions> zone, TimeProvider time) : IDisposable
{
    /// <summary>One for each <c>/svc</c> route that these pages call, as <c>ory-config/hydra/clients.json</c> grants them.</summary>
    public const string Scopes = "hydra.consent.get hydra.consent.accept hydra.consent.reject "
        + "hydra.logout.get hydra.logout.accept hydra.logout.reject hydra.device.accept";

    private const string Audience = "novaid-gateway";

    private readonly SemaphoreSlim _fetching = new(1);
    private volatile ServiceToken? _current;

    /// <exception cref="ServiceUnavailableException">Hydra gives none.</exception>
    public async Task<ServiceToken> GetAsync(HttpContext http)
    {
        if (_current is { } current && time.GetUtcNow() < current.UsedUntil)
        {
            return current;
        }

        await _fetching.WaitAsync(http.RequestAborted);
        try
        {
            return _current is { } other && time.GetUtcNow() < other.UsedUntil ? other : _current = await FetchAsync(http);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>The gateway did not take this token: it is not used again.</summary>
    public void Reject(ServiceToken token)
    {
        if (ReferenceEquals(_current, token))
        {
            _current = null;
        }
    }

    public void Dispose() => _fetching.Dispose();

    private async Task<ServiceToken> FetchAsync(HttpContext http)
    {
        var askedAt = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("oauth2/token", UriKind.Relative));
        credential.Prove(
            request,
            [new("grant_type", "client_credentials"), new("scope", Scopes), new("audience", Audience)],
            options.Value.ClientId,
            zone.Value.Origin,
            askedAt);
        var answer = await gateway.SendAsync(http, request);
        return answer.IsSuccess && answer.Read(HydraJson.Default.TokenAnswer) is { AccessToken.Length: > 0, ExpiresIn: > 0 } token
            ? new ServiceToken(token.AccessToken, askedAt + (TimeSpan.FromSeconds(Math.Min(token.ExpiresIn, 3600)) * 0.9))
            : throw new ServiceUnavailableException(ZoneService.Hydra);
    }
}
