using System.Net;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;

namespace NovaId.Api.Gateway;

/// <summary>
/// Every call of the API to a service goes through here: with the service token, within a total time limit, sent again once at most and
/// only if nothing changes by it. What fails is a <see cref="GatewayUnavailableException"/>.
/// </summary>
internal sealed class GatewayChannel(IHttpMessageHandlerFactory handlers, IOptions<GatewayOptions> options, ServiceTokenSource tokens)
    : IDisposable
{
    /// <summary>What a call may take in all, token, attempts and reading the answer, and all calls for one request together.</summary>
    public static readonly TimeSpan TotalLimit = TimeSpan.FromSeconds(2);

    private readonly Uri _gateway = options.Value.BaseAddress;

    // One for the life of the API: the handler is never changed (see AddGateway), and a client for each request would only wrap it.
    private readonly HttpMessageInvoker _http = new(handlers.CreateHandler(GatewayServiceCollectionExtensions.ClientName), disposeHandler: false);

    public async Task<GatewayResponse> SendAsync(GatewayRequest request, CancellationToken cancellationToken)
    {
        using var spending = RequestBudget.Spend();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RequestBudget.Remaining);
        try
        {
            var token = await tokens.GetAsync(limit.Token);
            var response = await AttemptAsync(request, token, limit.Token);
            if (response.Status != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            // Revoked, or forgotten by a Hydra that was set up anew. The gateway handed nothing on, so a write may be sent again too.
            tokens.Reject(token);
            token = await tokens.GetAsync(limit.Token);
            response = await AttemptAsync(request, token, limit.Token);
            return response.Status != HttpStatusCode.Unauthorized
                ? response
                : throw new GatewayUnavailableException(GatewayService.Gateway, "refuses the API's service token.");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayUnavailableException(
                request.Service,
                $"did not answer within the {TotalLimit.TotalSeconds:0} s that all calls for a request may take.",
                e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<GatewayResponse> AttemptAsync(GatewayRequest request, ServiceToken token, CancellationToken cancellationToken)
    {
        if (request.IsRead)
        {
            try
            {
                var response = await SendOnceAsync(request, token, cancellationToken);
                if ((int)response.Status < 500)
                {
                    return response;
                }
            }
            catch (HttpRequestException)
            {
                // Once more below, where a second failure counts.
            }
            catch (IOException)
            {
                // The answer broke off: once more as well.
            }
        }

        try
        {
            return await SendOnceAsync(request, token, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw GatewayUnavailableException.Of(request.Service, $"cannot be reached ({e.HttpRequestError}).", e);
        }
        catch (IOException e)
        {
            throw new GatewayUnavailableException(request.Service, "broke off its answer.", e);
        }
    }

    private async Task<GatewayResponse> SendOnceAsync(GatewayRequest request, ServiceToken token, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(_gateway);
        message.Headers.TryAddWithoutValidation("Authorization", token.Authorization);
        using var response = await _http.SendAsync(message, cancellationToken);
        return await GatewayResponse.ReceiveAsync(request.Service, response, cancellationToken, request.MaximumAnswerLength);
    }
}
