using System.Diagnostics;
using System.Net;
using Duende.IdentityModel.Client;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using NovaId.Demo.Configuration;
using NovaId.Pages.Gateway;

namespace NovaId.Demo.Login;

/// <summary>
/// Asks Hydra for tokens, from server to server. The client proves itself with <c>client_secret_basic</c> (RFC 6749, section 2.3.1). Each
/// question has a time limit, so that a page says in time that somebody is gone.
/// </summary>
internal sealed class TokenClient(GatewayHandler handler, IOptionsMonitor<OpenIdConnectOptions> oidc, IOptions<DemoOptions> options, TokenRenewals renewals, TimeProvider time)
    : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly HttpMessageInvoker _http = new(handler, disposeHandler: false);

    /// <summary>Finds out where Hydra's endpoints are, and with which keys it signs.</summary>
    /// <exception cref="ServiceUnavailableException">Nobody tells in time.</exception>
    public Task FindEndpointsAsync(CancellationToken cancellationToken) => LimitAsync(oidc.FindEndpointsAsync, cancellationToken);

    /// <summary>Trades an authorization code in (RFC 6749, section 4.1.3; RFC 7636).</summary>
    public Task<TokenResponse> RedeemAsync(string code, string redirectUri, string? verifier, CancellationToken cancellationToken) => AskAsync(
        async (endpoints, cancelled) =>
        {
            using var request = new AuthorizationCodeTokenRequest { Code = code, RedirectUri = redirectUri, CodeVerifier = verifier, Address = endpoints.TokenEndpoint };
            return await _http.RequestAuthorizationCodeTokenAsync(Sign(request), cancelled);
        },
        cancellationToken);

    /// <summary>Trades a refresh token in (RFC 6749, section 6); nobody who goes away meanwhile stops it.</summary>
    public Task<Renewal> RenewAsync(AppTokens tokens) => renewals.RunAsync(tokens.Refresh!, async () =>
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = await AskAsync(
            async (endpoints, cancelled) =>
            {
                using var request = new RefreshTokenRequest { RefreshToken = tokens.Refresh!, Address = endpoints.TokenEndpoint };
                return await _http.RequestRefreshTokenAsync(Sign(request), cancelled);
            },
            CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(begun);
        return answer.IsError ? new Renewal(null, answer.Error, took) : new Renewal(Read(answer, tokens), null, took);
    });

    /// <summary>Takes back all that came of one login (RFC 7009).</summary>
    public Task RevokeAsync(AppTokens tokens, CancellationToken cancellationToken) => AskAsync(
        async (endpoints, cancelled) =>
        {
            using var request = new TokenRevocationRequest
            {
                Token = tokens.Refresh is { Length: > 0 } refresh ? refresh : tokens.Access,
                Address = endpoints.RevocationEndpoint,
            };
            return await _http.RevokeTokenAsync(Sign(request), cancelled);
        },
        cancellationToken);

    /// <summary>What the answer holds; what it leaves out stays as it was.</summary>
    public AppTokens Read(TokenResponse answer, AppTokens? before) => new(
        answer.AccessToken!,
        answer.RefreshToken ?? before?.Refresh,
        answer.IdentityToken ?? before?.Id,
        answer.TryGet("expires_in") is not null ? time.GetUtcNow().AddSeconds(answer.ExpiresIn) : null,
        answer.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? before?.Scopes ?? DemoScopes.All);

    public void Dispose() => _http.Dispose();

    private T Sign<T>(T request)
        where T : ProtocolRequest
    {
        request.ClientId = options.Value.ClientId;
        request.ClientSecret = options.Value.ClientSecret;
        request.ClientCredentialStyle = ClientCredentialStyle.AuthorizationHeader;
        return request;
    }

    /// <exception cref="ServiceUnavailableException">There was no answer, or none of an authorization server.</exception>
    private async Task<T> AskAsync<T>(Func<OpenIdConnectConfiguration, CancellationToken, Task<T>> askAsync, CancellationToken cancellationToken)
        where T : ProtocolResponse
    {
        var answer = await LimitAsync(async limit => await askAsync(await oidc.FindEndpointsAsync(limit), limit), cancellationToken);
        return answer.ErrorType switch
        {
            ResponseErrorType.Exception => throw new ServiceUnavailableException(ZoneService.Gateway, answer.Exception),
            ResponseErrorType.Http when answer.HttpStatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests =>
                throw new ServiceUnavailableException(ZoneService.Hydra),
            _ => answer,
        };
    }

    private static async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> askAsync, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await askAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServiceUnavailableException(ZoneService.Hydra, e);
        }
    }
}
