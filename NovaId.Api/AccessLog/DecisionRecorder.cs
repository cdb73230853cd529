using System.Diagnostics;
using System.Diagnostics.Metrics;
using NovaId.Api.Authentication;
using NovaId.Api.Authorization;
using NovaId.Api.Http;

namespace NovaId.Api.AccessLog;

/// <summary>
/// Tells of every decision three times: a structured log record, two metrics, and a row of the access log; of a flood of refusals over
/// a limit only by the metrics, and by one record and one row a second.
/// </summary>
internal sealed partial class DecisionRecorder : IDisposable
{
    public const string MeterName = "NovaId.Api";

    private const int MaximumPathLength = 512;

    private readonly AccessLogWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger<DecisionRecorder> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _duration;

    public DecisionRecorder(AccessLogWriter writer, TimeProvider time, IMeterFactory meters, ILogger<DecisionRecorder> logger)
    {
        (_writer, _time, _logger) = (writer, time, logger);
        _meter = meters.Create(MeterName);
        _decisions = _meter.CreateCounter<long>("novaid.api.decisions", "{decision}", "Decisions, by outcome and what was required.");
        _duration = _meter.CreateHistogram<double>("novaid.api.decision.duration", "s", "From the request's arrival to the answer.");
    }

    public ValueTask RecordAsync(HttpContext http, Decision decision, long startedAt, int status)
    {
        var elapsed = _time.GetElapsedTime(startedAt);
        var outcome = Name(decision.Outcome);
        var tags = new TagList { { "outcome", outcome }, { "required", decision.Required } };
        _decisions.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
        if (decision.IsOneOfMany)
        {
            return ValueTask.CompletedTask;
        }

        var row = new AccessLogRow
        {
            Time = _time.GetUtcNow() - elapsed,
            Method = OriginalMethod.Of(http),
            Path = PathOf(http),
            Route = RouteOf(http) ?? PathOf(http),
            Status = status,
            Milliseconds = Math.Round(elapsed.TotalMilliseconds, 3),
            Authentication = decision.Method switch
            {
                AuthenticationMethod.Session => "session",
                AuthenticationMethod.OAuth2 => "oauth2",
                _ => null,
            },
            Subject = decision.Subject?.Id,
            ClientId = decision.Subject?.ClientId,
            Rank = decision.Rank?.ToString(),
            Required = decision.Required,
            Allowed = decision.IsAllowed,
            Reason = decision.Reason,
            TraceId = Problem.TraceIdOf(http),
        };
        LogDecision(
            outcome,
            row.Method,
            row.Path,
            row.Status,
            row.Milliseconds,
            row.Authentication,
            row.Subject,
            row.ClientId,
            row.Rank,
            row.Required,
            row.Reason,
            row.TraceId);
        return _writer.WriteAsync(row);
    }

    public long Timestamp() => _time.GetTimestamp();

    public void Dispose() => _meter.Dispose();

    private static string Name(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Allowed => "allowed",
        DecisionOutcome.Denied => "denied",
        DecisionOutcome.Unauthenticated => "unauthenticated",
        DecisionOutcome.Unavailable => "unavailable",
        DecisionOutcome.Limited => "limited",
        _ => "failed",
    };

    /// <summary>
    /// The path; but a value in it that is not of the form that the endpoint says may be anything, also a token that was pasted there, and
    /// only its name is written down.
    /// </summary>
    private static string PathOf(HttpContext http)
    {
        var rules = http.GetEndpoint()?.Metadata.GetOrderedMetadata<RouteValueRule>() ?? [];
        if (rules.Any(rule => !rule.IsValid(http.Request.RouteValues[rule.Value] as string)))
        {
            return RouteOf(http)!;
        }

        var path = http.Request.Path.ToUriComponent();
        return path.Length <= MaximumPathLength ? path : path[..MaximumPathLength];
    }

    private static string? RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;

    [LoggerMessage(
        1,
        LogLevel.Information,
        "Decision {Outcome}: {Method} {Path} answered {Status} after {Milliseconds} ms, authentication {Authentication}, "
            + "subject {Subject}, client {ClientId}, rank {Rank}, required {Required}, because {Reason}, trace {TraceId}")]
    private partial void LogDecision(
        string outcome,
        string method,
        string path,
        int status,
        double milliseconds,
        string? authentication,
        string? subject,
        string? clientId,
        string? rank,
        string required,
        string reason,
        string traceId);
}
