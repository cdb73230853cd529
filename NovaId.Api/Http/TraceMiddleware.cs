using System.Diagnostics;

namespace NovaId.Api.Http;

/// <summary>
/// Sees to it that every request is part of a trace, as the server does only where somebody logs or listens: the trace id is in each error
/// and each decision, and the calls to the services carry it on (<c>traceparent</c>).
/// </summary>
internal sealed class TraceMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (Activity.Current is not null)
        {
            await next(http);
            return;
        }

        using var activity = new Activity("NovaId.Api.Request");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        if (http.Request.Headers.TraceParent is [{ } parent] && ActivityContext.TryParse(parent, http.Request.Headers.TraceState, out _))
        {
            activity.SetParentId(parent);
        }

        activity.Start();
        await next(http);
    }
}
