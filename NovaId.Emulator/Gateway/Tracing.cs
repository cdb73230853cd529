using System.Diagnostics;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway;

/// <summary>The gateway's spans (W3C Trace Context): one for each request, which its calls and the upstream continue.</summary>
internal static class Tracing
{
    /// <summary>What whoever wants the spans listens to.</summary>
    public const string SourceName = "NovaId.Emulator.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a request; null if nobody listens, and the client's own trace passes unchanged then.</summary>
    public static Activity? Start(GatewayRequest request)
    {
        _ = ActivityContext.TryParse(request.Header("traceparent"), request.Header("tracestate"), isRemote: true, out var parent);
        var activity = Source.StartActivity(request.Method, ActivityKind.Server, parent);
        if (activity is not null)
        {
            activity.SetTag("http.request.method", request.Method);
            request.Headers["traceparent"] = activity.Id;
            if (!string.IsNullOrEmpty(activity.TraceStateString))
            {
                request.Headers["tracestate"] = activity.TraceStateString;
            }
        }

        return activity;
    }

    /// <summary>Hands the span of this request on to a service that the gateway asks.</summary>
    public static void Inject(HttpRequestMessage message)
    {
        if (Activity.Current is { } activity && activity.Source == Source)
        {
            message.Headers.TryAddWithoutValidation("traceparent", activity.Id);
            if (!string.IsNullOrEmpty(activity.TraceStateString))
            {
                message.Headers.TryAddWithoutValidation("tracestate", activity.TraceStateString);
            }
        }
    }
}
