namespace NovaId.Api.Timing;

/// <summary>Tells each answer's way in its <c>Server-Timing</c> header.</summary>
internal sealed class ServerTimingMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var timing = new ServerTiming();
        http.Features.Set(timing);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[ServerTiming.Header] = timing.ToString();
            return Task.CompletedTask;
        });
        return next(http);
    }
}
