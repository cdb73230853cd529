using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NovaId.Tests.Operators;

/// <summary>Stands before a gateway, counts, and lets through only as many requests as the test wants.</summary>
internal sealed class GatewayBetween : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly WebApplication _app;
    private int _count;

    private GatewayBetween(WebApplication app) => _app = app;

    /// <summary>Which requests go through, by their number from 1 on; all others are answered 503.</summary>
    public Func<int, bool> Passes { get; set; } = _ => true;

    /// <summary>How many came.</summary>
    public int Count => _count;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<GatewayBetween> StartAsync(Uri gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var between = new GatewayBetween(builder.Build());
        between._app.Run(http => between.ForwardAsync(http, gateway));
        await between._app.StartAsync(TestContext.Current.CancellationToken);
        return between;
    }

    /// <summary>Counts from 0 again.</summary>
    public void Restart() => _count = 0;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext http, Uri gateway)
    {
        if (!Passes(Interlocked.Increment(ref _count)))
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(gateway, http.Request.Path + http.Request.QueryString.Value));
        request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
        if (http.Request.ContentType is { } type)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await _http.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        if (response.Headers.TryGetValues("Link", out var links))
        {
            http.Response.Headers.Link = links.ToArray();
        }

        if (http.Response.StatusCode != StatusCodes.Status204NoContent)
        {
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
    }
}
