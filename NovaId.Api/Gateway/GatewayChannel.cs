using System.Net;
using System.Net.Http.Headers;

namespace NovaId.Api.Gateway;

/// <summary>
/// Every call of the API to a service goes through here: with the service token, within a total time limit, sent again once at most and
/// only if nothing changes by it. What fails is a <see cref="GatewayUnavailableException"/>.
/// </summary>
internal sealed class GatewayChannel(HttpClient http, ServiceTokenSource tokens)
{
    /// <summary>What a call may take in all, token, attempts and reading the answer, and all calls for one request together.</summary>
    public static readonly TimeSpan TotalLimit = TimeSpan.FromSeconds(2);

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
            var service = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                ? GatewayService.Gateway
                : request.Service;
            throw new GatewayUnavailableException(service, $"cannot be reached ({e.HttpRequestError}).", e);
        }
        catch (IOException e)
        {
            throw new GatewayUnavailableException(request.Service, "broke off its answer.", e);
        }
    }

    private async Task<GatewayResponse> SendOnceAsync(GatewayRequest request, ServiceToken token, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await GatewayResponse.ReceiveAsync(request.Service, response, cancellationToken, request.MaximumAnswerLength);
    }
}
