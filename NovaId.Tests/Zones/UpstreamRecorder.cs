using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaId.Contract;
using Yarp.ReverseProxy.Forwarder;

namespace NovaId.Tests.Zones;

/// <summary>A forwarder between the gateway and the API, which remembers the requests that carry a marker.</summary>
internal sealed class UpstreamRecorder : IUpstreamRecorder, IAsyncDisposable
{
    private const int Kept = 1000;

    private readonly ConcurrentQueue<(string Marker, RecordedRequest Request)> _requests = new();
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    private UpstreamRecorder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    /// <summary>Where it listens: what the gateway must take for the API.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Where the API really is; until that is known, every request is answered 503.</summary>
    public Uri? Api { get; set; }

    /// <summary>The instances of the API that take turns; null where there is one.</summary>
    public ApiInstances? Instances { get; set; }

    public static async Task<UpstreamRecorder> StartAsync()
    {
        var recorder = new UpstreamRecorder();
        await recorder._app.StartAsync();
        return recorder;
    }

    public IReadOnlyList<RecordedRequest> Find(string marker) =>
        [.. _requests.Where(item => item.Marker == marker).Select(item => item.Request)];

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers[IUpstreamRecorder.MarkerHeader] is [{ } marker])
        {
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            var headers = request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()));
            var named = new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase);
            _requests.Enqueue((marker, new(request.Method, target, named)));
            while (_requests.Count > Kept)
            {
                _requests.TryDequeue(out _);
            }
        }

        if (Api is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (Instances is null)
        {
            await SendAsync(context, Api);
            return;
        }

        using var turn = Instances.Take();
        if (await SendAsync(context, turn.Address) == ForwarderError.Request)
        {
            turn.Unreached();
        }
    }

    private async Task<ForwarderError> SendAsync(HttpContext context, Uri api) => await _app.Services.GetRequiredService<IHttpForwarder>()
        .SendAsync(context, api.GetLeftPart(UriPartial.Authority), _client, ForwarderRequestConfig.Empty, UnchangedRequest.Instance);
}
