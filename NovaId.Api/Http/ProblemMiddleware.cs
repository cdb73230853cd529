using System.Data.Common;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using NovaId.Api.Gateway;
using NovaId.Api.Storage;

namespace NovaId.Api.Http;

/// <summary>Turns whatever goes wrong behind it into problem details: all errors look alike; none shows a stack or an address.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        Refusal refusal;
        try
        {
            await next(http);
            if (http.Response is not { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                return;
            }

            refusal = Refusal.OfStatus((HttpStatusCode)http.Response.StatusCode);
            var allowed = http.Response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
            if (allowed.Contains(HttpMethods.Get))
            {
                http.Response.Headers.Allow = string.Join(", ", [.. allowed, HttpMethods.Head]);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            refusal = Translate(e);
            var allow = http.Response.Headers.Allow;
            (http.Features.Get<IHttpResponseBodyFeature>() as ShortAnswer)?.Discard();
            http.Response.Clear();
            http.Response.Headers.Allow = allow;
        }

        await refusal.ExecuteAsync(http);
    }

    private Refusal Translate(Exception failure)
    {
        switch (failure)
        {
            case RefusalException refused:
                return refused.Refusal;
            case GatewayUnavailableException unavailable:
                LogUnavailable(unavailable.Message);
                return Refusal.Unavailable(unavailable);
            case DbException or StorageException:
                LogNoStorage(failure);
                return Refusal.Unavailable("storage", "the storage does not answer");
            case InvalidPageTokenException:
                return Refusal.BadRequest("pageToken is not one that this list gave out.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } malformed:
                return Refusal.BadRequest(Explain(malformed));
            case BadHttpRequestException rejected:
                return Refusal.OfStatus((HttpStatusCode)rejected.StatusCode);
            default:
                LogFailure(failure);
                return Refusal.OfStatus(HttpStatusCode.InternalServerError);
        }
    }

    /// <summary>What is wrong with a body, in terms of the body: the exception's own words name types of this program.</summary>
    private static string Explain(BadHttpRequestException failure)
    {
        if (failure.InnerException is not JsonException json)
        {
            return "The body, the path or the query is not what this endpoint takes.";
        }

        var place = json.Path is null or "" or "$" ? "the body" : json.Path[(json.Path.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return $"The body is not the JSON that this endpoint takes: look at {place}. "
            + "A member is missing, not known, there twice, or of another type.";
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused, as a service gave no answer. {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(3, LogLevel.Error, "Refused, as the storage did not answer as it must.")]
    private partial void LogNoStorage(Exception failure);

    [LoggerMessage(2, LogLevel.Error, "A request failed.")]
    private partial void LogFailure(Exception failure);
}
