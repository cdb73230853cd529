using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaId.Contract;
using NovaId.Emulator.Network;
using Yarp.ReverseProxy.Forwarder;

namespace NovaId.Tests.Zones;

/// <summary>Stands before one address of a service: hands everything on, or fails in the service's place.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int MaximumRemembered = 256 * 1024;

    /// <summary>A header that the gateway sets on what it hands on, and not on what it asks itself.</summary>
    private const string HandedOn = "X-User";

    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(5);

    private readonly AnswerMemory _answers = new();
    private readonly HttpMessageInvoker _client;
    private readonly Uri _service;
    private readonly bool _isAskedByGateway;
    private WebApplication? _app;
    private FaultMode? _mode;
    private CancellationTokenSource _changed = new();
    private int _nonsense;

    private FaultProxy(Uri service, SocketsHttpHandler handler, bool isAskedByGateway)
    {
        _service = service;
        _isAskedByGateway = isAskedByGateway;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        handler.ActivityHeadersPropagator = null;
        _client = new(handler);
        Address = new($"http://127.0.0.1:{LoopbackPorts.Take(1)[0]}");
    }

    /// <summary>What its callers take for the service.</summary>
    public Uri Address { get; }

    /// <param name="service">The service.</param>
    /// <param name="handler">Reaches it; the proxy disposes of it.</param>
    /// <param name="isAskedByGateway">Whether its callers are the gateway, for itself and for others.</param>
    public static async Task<FaultProxy> StartAsync(Uri service, SocketsHttpHandler handler, bool isAskedByGateway)
    {
        var proxy = new FaultProxy(service, handler, isAskedByGateway);
        await proxy.SetAsync(null);
        return proxy;
    }

    /// <summary>Fails from now on in this way, or, for null, no longer.</summary>
    public async Task SetAsync(FaultMode? mode)
    {
        var old = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
        _mode = mode;
        await old.CancelAsync();
        old.Dispose();
        if (mode == FaultMode.Stopped)
        {
            await StopAsync();
        }
        else if (_app is null)
        {
            _app = Build();
            await _app.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _changed.CancelAsync();
        await StopAsync();
        _client.Dispose();
        _changed.Dispose();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, Address.Port);
        });
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        app.Run(HandleAsync);
        return app;
    }

    private async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            // Without a moment of grace: whoever is connected is cut off.
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }
    }

    private async Task HandleAsync(HttpContext http)
    {
        var changed = _changed.Token;
        switch (_mode)
        {
            case FaultMode.Hanging:
                await WaitAsync(http, Timeout.InfiniteTimeSpan, changed);
                http.Abort();
                break;
            case FaultMode.Slow:
                await WaitAsync(http, SlowAnswer, changed);
                await ForwardAsync(http);
                break;
            case FaultMode.Cut:
                http.Response.ContentType = "application/json";
                http.Response.ContentLength = 1000;
                await http.Response.WriteAsync("""{"active":true,"results":[{"allowed":true}""");
                await http.Response.Body.FlushAsync();
                http.Abort();
                break;
            case FaultMode.ServerError:
                await AnswerAsync(http, 500, "application/json", """{"error":{"code":500,"status":"Internal Server Error","reason":"out of order","message":"out of order"}}""");
                break;
            case FaultMode.Nonsense:
                var (type, text) = (Interlocked.Increment(ref _nonsense) % 3) switch
                {
                    0 => ("text/html", "<html><body>It works!</body></html>"),
                    1 => ("application/json", """{"active":"perhaps","results":[{"allowed":1}],"identity":{"id":42}}"""),
                    _ => ("application/json", "[null]"),
                };
                await AnswerAsync(http, 200, type, text);
                break;
            case FaultMode.AnotherPersonsAnswer when !IsOfSession(http):
                await AnswerForAnotherAsync(http);
                break;
            case FaultMode.EndlessBody:
                await AnswerWithoutEndAsync(http, changed);
                break;
            default:
                await ForwardAsync(http);
                break;
        }
    }

    /// <summary>Waits until the time is over, the fault is, or the caller has gone.</summary>
    private static async Task WaitAsync(HttpContext http, TimeSpan time, CancellationToken changed)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, changed);
        await Task.Delay(time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task AnswerAsync(HttpContext http, int status, string? type, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return body.Length == 0 ? Task.CompletedTask : http.Response.WriteAsync(body);
    }

    private async Task AnswerForAnotherAsync(HttpContext http)
    {
        var question = await ReadAsync(http);
        var others = _answers.OfOthers(question);
        // What the gateway asked already, it is told differently when it asks for the API.
        var isAskedAgain = http.Request.Path.Value!.EndsWith("/introspect", StringComparison.Ordinal) && !IsQuestionOfGateway(http);
        var other = isAskedAgain ? others.FirstOrDefault(answer => answer.Subject != others[0].Subject) : others.ElementAtOrDefault(0);
        await (other is null ? AnswerAsync(http, 500, null, "") : AnswerAsync(http, other.Status, other.ContentType, other.Body));
    }

    private async Task AnswerWithoutEndAsync(HttpContext http, CancellationToken changed)
    {
        // Oathkeeper keeps all of an answer to its own questions, however long it is: a pace that it survives, and this process too.
        var (size, pause) = IsQuestionOfGateway(http) ? (4096, TimeSpan.FromMilliseconds(25)) : (64 * 1024, TimeSpan.FromMilliseconds(5));
        var piece = Encoding.ASCII.GetBytes(new string('x', size));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, changed);
        http.Response.ContentType = "application/json";
        try
        {
            await http.Response.WriteAsync("{\"active\":\"", over.Token);
            while (true)
            {
                await http.Response.Body.WriteAsync(piece, over.Token);
                await Task.Delay(pause, over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    /// <summary>Whether it is the gateway's question whose session it is: what Kratos says to it is what makes the id_token.</summary>
    private static bool IsOfSession(HttpContext http) => http.Request.Path == "/sessions/whoami";

    private bool IsQuestionOfGateway(HttpContext http) => _isAskedByGateway && !http.Request.Headers.ContainsKey(HandedOn);

    private async Task ForwardAsync(HttpContext http)
    {
        var question = await ReadAsync(http);
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var body = http.Response.Body;
        await using var answer = new RememberingStream(body, MaximumRemembered);
        http.Response.Body = answer;
        var error = await _app!.Services.GetRequiredService<IHttpForwarder>()
            .SendAsync(http, _service.GetLeftPart(UriPartial.Authority), _client, ForwarderRequestConfig.Empty, UnchangedRequest.Instance);
        http.Response.Body = body;
        if (error == ForwarderError.None && http.Response.StatusCode is >= 200 and < 300 && answer.Written is { } text)
        {
            _answers.Remember(question, new(http.Response.StatusCode, http.Response.ContentType, Encoding.UTF8.GetString(text.Span)));
        }
    }

    /// <summary>Reads the whole request, and leaves it there to be read again.</summary>
    private static async Task<AnswerMemory.Question> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, http.RequestAborted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller hung up in the middle; nobody waits for an answer.
        }

        http.Response.RegisterForDispose(body);
        body.Position = 0;
        request.Body = body;
        var text = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        var credentials = $"{request.Headers["X-Session-Token"]} {request.Headers.Cookie}";
        return AnswerMemory.Question.Of(request.Method, request.Path, request.QueryString.Value ?? "", credentials, text);
    }
}
