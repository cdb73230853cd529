using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Tests.Gateway;

/// <summary>A service of the private network that remembers what it was asked, and answers what the test wants.</summary>
internal sealed class FakeService(Func<HttpContext, Task>? answer)
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public int Calls => _requests.Count;

    public ReceivedRequest Last => _requests.Last();

    public static Func<HttpContext, Task> Json(string body, int status = StatusCodes.Status200OK) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    };

    public async Task HandleAsync(HttpContext http)
    {
        var request = http.Request;
        var body = "";
        if (answer is null)
        {
            using var reader = new StreamReader(request.Body);
            body = await reader.ReadToEndAsync();
        }
        else if (request.ContentType == "application/x-www-form-urlencoded")
        {
            request.EnableBuffering();
            using var reader = new StreamReader(request.Body, leaveOpen: true);
            body = await reader.ReadToEndAsync();
            request.Body.Position = 0;
        }

        _requests.Enqueue(new ReceivedRequest(
            request.Method,
            http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body));
        if (answer is null)
        {
            await http.Response.WriteAsync("ok");
        }
        else
        {
            await answer(http);
        }
    }
}
