using System.Net;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;

namespace NovaId.Api.Gateway;

/// <summary>
/// The one service token of the API (client credentials, RFC 6749, section 4.4), fetched once for all callers that wait for it, and renewed
/// before it runs out without anyone waiting.
/// </summary>
internal sealed partial class ServiceTokenSource(
    IHttpClientFactory clients,
    ClientCredential credential,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<ServiceTokenSource> logger)
{
    public const string Audience = "novaid-gateway";

    /// <summary>One for each <c>/svc</c> route that the API calls, as <c>ory-config/hydra/clients.json</c> grants them.</summary>
    public const string Scopes = "kratos.identities.list kratos.identities.get kratos.identities.patch kratos.identities.delete "
        + "kratos.sessions.list kratos.sessions.get kratos.sessions.revoke kratos.sessions.delete "
        + "kratos.credentials.delete kratos.recovery.code "
        + "keto.check keto.tuples.list keto.tuples.patch "
        + "hydra.introspect hydra.clients.list hydra.clients.get hydra.clients.create hydra.clients.delete "
        + "hydra.consents.list hydra.consents.revoke hydra.logins.revoke";

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ServiceToken? _current;
    private Task<ServiceToken>? _pending;
    private DateTimeOffset _renewNotBefore = DateTimeOffset.MinValue;

    public ValueTask<ServiceToken> GetAsync(CancellationToken cancellationToken)
    {
        Task<ServiceToken> pending;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_current is { } current && now < current.ExpiresAt)
            {
                if (now >= current.RefreshAt && now >= _renewNotBefore)
                {
                    _pending ??= Task.Run(FetchAsync, CancellationToken.None);
                }

                return new(current);
            }

            pending = _pending ??= Task.Run(FetchAsync, CancellationToken.None);
        }

        return new(pending.WaitAsync(cancellationToken));
    }

    /// <summary>The gateway did not take this token: it is not used again. Of many that find out, the first one counts.</summary>
    public void Reject(ServiceToken token)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current, token))
            {
                _current = null;
            }
        }
    }

    private async Task<ServiceToken> FetchAsync()
    {
        try
        {
            var token = await RequestAsync();
            lock (_lock)
            {
                (_current, _pending) = (token, null);
            }

            return token;
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                (_pending, _renewNotBefore) = (null, time.GetUtcNow() + PauseAfterFailure);
            }

            // The gateway lets everyone pass to the token endpoint: if it is there, it is Hydra that does not answer.
            var failure = e as GatewayUnavailableException ?? GatewayUnavailableException.Of(GatewayService.Hydra, "gives the API no service token.", e);
            LogNoToken(failure.Message);
            throw failure;
        }
    }

    private async Task<ServiceToken> RequestAsync()
    {
        var gateway = options.Value;
        using var limit = new CancellationTokenSource(GatewayChannel.TotalLimit);
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token");
        var requestedAt = time.GetUtcNow();
        credential.Prove(
            request,
            [new("grant_type", "client_credentials"), new("scope", Scopes), new("audience", Audience)],
            gateway.ClientId,
            gateway.ExpectedIssuer.TrimEnd('/'),
            requestedAt);
        using var http = clients.CreateClient(GatewayServiceCollectionExtensions.ClientName);
        using var message = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        var response = await GatewayResponse.ReceiveAsync(GatewayService.Hydra, message, limit.Token);
        if (response.Status != HttpStatusCode.OK)
        {
            throw new GatewayUnavailableException(
                GatewayService.Hydra,
                $"answered {(int)response.Status} to the client '{gateway.ClientId}'. Check Gateway:ClientId and {credential.WhatToCheck}.");
        }

        var token = response.Read(GatewayJson.Default.TokenResponse);
        if (!string.Equals(token.TokenType, "bearer", StringComparison.OrdinalIgnoreCase)
            || token.AccessToken.Length == 0
            || token.AccessToken.AsSpan().ContainsAnyExceptInRange('!', '~')
            || token.ExpiresIn <= 0)
        {
            throw new GatewayUnavailableException(GatewayService.Hydra, "answered with a token that cannot be used.");
        }

        var lifetime = TimeSpan.FromSeconds(Math.Min(token.ExpiresIn, 3600));
        return new ServiceToken(token.AccessToken, requestedAt + (lifetime * 0.8), requestedAt + (lifetime * 0.98));
    }

    [LoggerMessage(1, LogLevel.Error, "The API has no service token: {Reason}")]
    private partial void LogNoToken(string reason);
}
