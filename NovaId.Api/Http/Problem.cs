using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Http;

/// <summary>Problem details (RFC 9457) as they are written.</summary>
internal sealed record Problem
{
    public const string MediaType = "application/problem+json";

    /// <summary>What kind of problem it is: the status, where it has no address of its own.</summary>
    public required string Type { get; init; }

    /// <summary>What happened, for a person.</summary>
    [PrimaryMessage]
    public required string Title { get; init; }

    /// <summary>The status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>What exactly it was and what to do, for a person.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>What the caller would have needed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Required { get; init; }

    /// <summary>The service that did not answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Service { get; init; }

    /// <summary>What the login lacks, and the way to it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AssuranceProblem? Assurance { get; init; }

    /// <summary>Finds the request in traces, logs and the access log.</summary>
    public required string TraceId { get; init; }

    public static Task WriteAsync(HttpContext http, Refusal refusal)
    {
        var response = http.Response;
        response.StatusCode = (int)refusal.Status;
        response.Headers.CacheControl = "no-store";
        if (refusal.Challenge is not null)
        {
            response.Headers.WWWAuthenticate = refusal.Challenge;
        }

        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.Accept is not null)
        {
            response.Headers.Accept = refusal.Accept;
        }

        if (refusal.AcceptEncoding is not null)
        {
            response.Headers.AcceptEncoding = refusal.AcceptEncoding;
        }

        var problem = new Problem
        {
            Type = refusal.Assurance is not null ? AssuranceProblem.Type : $"https://www.rfc-editor.org/rfc/rfc9110#status.{response.StatusCode}",
            Title = refusal.Title,
            Status = response.StatusCode,
            Detail = refusal.Detail,
            Required = refusal.Required,
            Service = refusal.Service,
            Assurance = refusal.Assurance,
            TraceId = TraceIdOf(http),
        };
        return response.WriteAsJsonAsync(problem, ApiJson.Default.Problem, MediaType, CancellationToken.None);
    }

    public static string TraceIdOf(HttpContext http) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : http.TraceIdentifier;
}
