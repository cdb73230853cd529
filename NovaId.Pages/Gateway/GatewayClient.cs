using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using NovaId.Pages.Configuration;

namespace NovaId.Pages.Gateway;

/// <summary>
/// Asks the gateway on behalf of the person in front of the page, with their own cookie: what they may see and do is decided where it
/// always is. All questions for one page share one time limit.
/// </summary>
public sealed class GatewayClient : IDisposable
{
    /// <summary>How long all questions for one page may take together, so that a page says within three seconds that somebody is gone.</summary>
    public static readonly TimeSpan TotalLimit = TimeSpan.FromSeconds(2);

    /// <summary>The name of the connections to the gateway, at <see cref="IHttpMessageHandlerFactory"/>.</summary>
    public const string ClientName = "gateway";

    private const int MaximumAnswer = 4 * 1024 * 1024;
    private static readonly object DeadlineKey = new();

    private readonly Uri _gateway;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes the client; one serves the whole app.</summary>
    /// <param name="handlers">Gives the connections.</param>
    /// <param name="options">Where the gateway is.</param>
    public GatewayClient(IHttpMessageHandlerFactory handlers, IOptions<GatewayOptions> options)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(options);
        _gateway = new Uri(options.Value.Address!.TrimEnd('/') + "/");
        _http = new HttpMessageInvoker(handlers.CreateHandler(ClientName), disposeHandler: false);
    }

    /// <summary>Gives what is asked for this page from now on more time than pages have.</summary>
    /// <param name="http">The request that is being answered.</param>
    /// <param name="limit">How long it may take, counted from now.</param>
    public static void Allow(HttpContext http, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(http);
        lock (http.Items)
        {
            var deadline = new CancellationTokenSource(limit);
            http.Response.RegisterForDispose(deadline);
            http.Items[DeadlineKey] = deadline;
        }
    }

    /// <summary>Asks with the cookie of the request that is being answered.</summary>
    /// <param name="http">That request.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query at the gateway, without a slash at the beginning.</param>
    /// <param name="content">A body.</param>
    /// <returns>The answer, whatever its status; of a server's own failure there is none.</returns>
    /// <exception cref="ServiceUnavailableException">There was no answer, or one that says that a service behind the gateway is gone.</exception>
    public Task<GatewayAnswer> SendAsync(HttpContext http, HttpMethod method, string path, HttpContent? content = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        return SendAsync(http, method, path, content, "Cookie", http.Request.Headers.Cookie);
    }

    /// <summary>Asks with a service token.</summary>
    /// <param name="http">The request that is being answered; its cookie stays here.</param>
    /// <param name="token">The token.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query at the gateway, without a slash at the beginning.</param>
    /// <param name="content">A body.</param>
    /// <returns>The answer, whatever its status; of a server's own failure there is none.</returns>
    /// <exception cref="ServiceUnavailableException">There was no answer, or one that says that a service behind the gateway is gone.</exception>
    public Task<GatewayAnswer> SendAsServiceAsync(HttpContext http, string token, HttpMethod method, string path, HttpContent? content = null) =>
        SendAsync(http, method, path, content, "Authorization", $"Bearer {token}");

    /// <summary>Asks as nobody.</summary>
    /// <param name="http">The request that is being answered; its cookie stays here.</param>
    /// <param name="request">What is asked; its address is relative to the gateway's.</param>
    /// <returns>The answer, whatever its status; of a server's own failure there is none.</returns>
    /// <exception cref="ServiceUnavailableException">There was no answer, or one that says that a service behind the gateway is gone.</exception>
    public async Task<GatewayAnswer> SendAsync(HttpContext http, HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = request.RequestUri!.OriginalString;
        var answer = await AskAsync(http, request);
        return IsFailure(answer, path) ? throw new ServiceUnavailableException(ZoneServices.At(path)) : answer;
    }

    /// <summary>Asks as whoever the request says, for a page that shows every answer as it is.</summary>
    /// <param name="http">The request that is being answered; its cookie stays here.</param>
    /// <param name="request">What is asked; its address is relative to the gateway's.</param>
    /// <returns>The answer, whatever its status.</returns>
    /// <exception cref="ServiceUnavailableException">There was no answer.</exception>
    public async Task<GatewayAnswer> AskAsync(HttpContext http, HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(request);
        var path = request.RequestUri!.OriginalString;
        request.RequestUri = new Uri(_gateway, path);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, DeadlineOf(http));
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            return await GatewayAnswer.ReceiveAsync(response, MaximumAnswer, limit.Token);
        }
        catch (OperationCanceledException e) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new ServiceUnavailableException(ZoneServices.At(path), e);
        }
        catch (HttpRequestException e)
        {
            throw new ServiceUnavailableException(
                e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError ? ZoneService.Gateway : ZoneServices.At(path), e);
        }
        catch (IOException e)
        {
            throw new ServiceUnavailableException(ZoneServices.At(path), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<GatewayAnswer> SendAsync(HttpContext http, HttpMethod method, string path, HttpContent? content, string header, string? value)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (!string.IsNullOrEmpty(value))
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return await SendAsync(http, request);
    }

    /// <summary>The gateway answers 403 where it cannot ask Kratos who somebody is; the API's own refusals are problem details.</summary>
    private static bool IsFailure(GatewayAnswer answer, string path) =>
        answer.Status >= HttpStatusCode.InternalServerError
        || (answer.Status == HttpStatusCode.Forbidden && ZoneServices.At(path) == ZoneService.Api && answer.MediaType != ApiProblem.MediaType);

    private static CancellationToken DeadlineOf(HttpContext http)
    {
        lock (http.Items)
        {
            if (http.Items[DeadlineKey] is not CancellationTokenSource deadline)
            {
                deadline = new CancellationTokenSource(TotalLimit);
                http.Response.RegisterForDispose(deadline);
                http.Items[DeadlineKey] = deadline;
            }

            return deadline.Token;
        }
    }
}
