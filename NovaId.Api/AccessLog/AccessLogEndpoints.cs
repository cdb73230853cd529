using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using NovaId.Api.Authorization;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;

namespace NovaId.Api.AccessLog;

/// <summary>Who was allowed what, and who was not.</summary>
internal static class AccessLogEndpoints
{
    private const char List = 'l';

    public static IEndpointRouteBuilder MapAccessLog(this IEndpointRouteBuilder api)
    {
        var logs = api.MapGroup("/logs").WithTags("Access log").RequireCapability(Capabilities.ViewLogs);
        logs.MapGet("", ListAsync)
            .WithPaging().WithQuery("subject", "Only this subject.", Subject).WithQuery("allowed", "Only what was allowed (true) or not (false).", Allowed)
            .WithName("listLogs").WithSummary("Every decision, newest first");
        logs.MapGet("/stats", CountAsync)
            .WithName("getLogStatistics").WithSummary("The decisions in figures");
        logs.MapGet("/verify", VerifyAsync)
            .WithName("verifyLog").WithSummary("Whether the log is as it was written, and if not, the first record that is not")
            .WithDescription("Every record is checked, so the answer takes as long as the log is; verify-log does the same on the command line.");
        logs.MapGet("/users/{id}", ListOfPersonAsync)
            .WithUuid("id").WithPaging().WithQuery("allowed", "Only what was allowed (true) or not (false).", Allowed)
            .WithName("listUserLogs").WithSummary("Every decision about one person, newest first");
        return api;
    }

    private static OpenApiSchema Subject() =>
        new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = AccessLogQuery.MaximumSubjectLength };

    private static OpenApiSchema Allowed() => new() { Type = JsonSchemaType.Boolean };

    private static async Task<Ok<Page<AccessLogEntry>>> ListAsync(
        PageRequest page,
        AccessLogQuery query,
        AccessLogStore store,
        AccessLogWriter writer,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(page, query, store, writer, cancellationToken));

    private static async Task<Ok<Page<AccessLogEntry>>> ListOfPersonAsync(
        Guid id,
        PageRequest page,
        AccessLogQuery query,
        AccessLogStore store,
        AccessLogWriter writer,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(page, query with { Subject = id.ToString() }, store, writer, cancellationToken));

    private static async Task<Ok<AccessLogStatistics>> CountAsync(
        AccessLogStore store,
        AccessLogWriter writer,
        CancellationToken cancellationToken)
    {
        await writer.FlushAsync(cancellationToken);
        return TypedResults.Ok(await store.CountAsync(cancellationToken));
    }

    private static async Task<Ok<LogVerification>> VerifyAsync(VerificationQueue queue, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queue.RunAsync(cancellationToken));

    private static async Task<Page<AccessLogEntry>> ReadAsync(
        PageRequest page,
        AccessLogQuery query,
        AccessLogStore store,
        AccessLogWriter writer,
        CancellationToken cancellationToken)
    {
        var before = KeysetToken.Decode(List, page.Token);
        await writer.FlushAsync(cancellationToken);
        var entries = await store.ListAsync(query.Subject, query.Allowed, before, page.Size + 1, cancellationToken);
        return entries.Count <= page.Size
            ? new Page<AccessLogEntry>(entries, NextPageToken: null)
            : new Page<AccessLogEntry>([.. entries.Take(page.Size)], KeysetToken.Encode(List, entries[page.Size - 1].Id));
    }
}
