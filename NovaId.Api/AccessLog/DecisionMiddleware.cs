using NovaId.Api.Authorization;

namespace NovaId.Api.AccessLog;

/// <summary>Sees to it that a decision is recorded before its answer leaves, so that whoever has the answer finds the row.</summary>
internal sealed class DecisionMiddleware(RequestDelegate next, DecisionRecorder recorder)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var startedAt = recorder.Timestamp();
        var isRecorded = false;
        http.Response.OnStarting(() => RecordAsync(http.Response.StatusCode));
        try
        {
            await next(http);
        }
        finally
        {
            if (http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
            {
                await RecordAsync(StatusCodes.Status499ClientClosedRequest);
            }
        }

        async Task RecordAsync(int status)
        {
            if (!isRecorded && http.Features.Get<Decision>() is { } decision)
            {
                isRecorded = true;
                await recorder.RecordAsync(http, decision, startedAt, status);
            }
        }
    }
}
