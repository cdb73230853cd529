using System.Net;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;

namespace NovaId.Api.Http;

/// <summary>An answer other than what was asked for, as problem details (RFC 9457).</summary>
internal sealed record Refusal : IResult, IStatusCodeHttpResult
{
    public required HttpStatusCode Status { get; init; }

    /// <summary>What happened, for a person.</summary>
    public required string Title { get; init; }

    public string? Detail { get; init; }

    /// <summary>What the caller would have needed.</summary>
    public string? Required { get; init; }

    /// <summary>The service that did not answer.</summary>
    public string? Service { get; init; }

    /// <summary>What the login lacks.</summary>
    public AssuranceProblem? Assurance { get; init; }

    /// <summary>Why, for the decision record.</summary>
    public required string Reason { get; init; }

    /// <summary>The <c>WWW-Authenticate</c> header (RFC 6750, section 3).</summary>
    public string? Challenge { get; init; }

    /// <summary>When to come back.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The media type that would have been read (the <c>Accept</c> header of an answer; RFC 9110, section 12.5.1).</summary>
    public string? Accept { get; init; }

    /// <summary>The content coding that would have been read (the <c>Accept-Encoding</c> header of an answer; RFC 9110, section 12.5.3).</summary>
    public string? AcceptEncoding { get; init; }

    /// <summary>Whether it is one of many alike, of which another has been recorded just now.</summary>
    public bool IsOneOfMany { get; init; }

    int? IStatusCodeHttpResult.StatusCode => (int)Status;

    /// <summary>Nobody called: neither token nor session arrived.</summary>
    public static Refusal Unauthenticated(string reason) => new()
    {
        Status = HttpStatusCode.Unauthorized,
        Title = "Who are you?",
        Detail = "Log in, or send an access token, through the gateway.",
        Reason = reason,
        Challenge = "Bearer",
    };

    /// <summary>What was shown does not count, or no longer.</summary>
    public static Refusal InvalidToken(string reason) => new()
    {
        Status = HttpStatusCode.Unauthorized,
        Title = "What you show does not count.",
        Detail = "The token or session is not valid, no longer valid, or not meant for this API.",
        Reason = reason,
        Challenge = "Bearer error=\"invalid_token\"",
    };

    public static Refusal InsufficientScope(string scope) => new()
    {
        Status = HttpStatusCode.Forbidden,
        Title = "The token does not reach that far.",
        Detail = $"The access token needs the scope {scope}.",
        Required = $"scope {scope}",
        Reason = $"the token lacks the scope {scope}",
        Challenge = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"",
    };

    public static Refusal Forbidden(string required, string reason) => new()
    {
        Status = HttpStatusCode.Forbidden,
        Title = "You may not do this.",
        Detail = $"This needs: {required}.",
        Required = required,
        Reason = reason,
    };

    /// <summary>The login is not strong or not fresh enough.</summary>
    /// <param name="required">What is.</param>
    /// <param name="assurance">What it lacks, and the way to it.</param>
    /// <param name="challenge">The same for an app (RFC 9470); null for anyone else.</param>
    public static Refusal InsufficientAssurance(string required, AssuranceProblem assurance, string? challenge) => new()
    {
        Status = HttpStatusCode.Forbidden,
        Title = assurance.CanStepUp ? "Show once more who you are." : "This takes a person.",
        Detail = assurance.CanStepUp
            ? $"This needs: {required}. A browser gets it at the address in assurance.stepUp; add return_to to come back."
            : $"This needs: {required}. A program that acts for itself never has that.",
        Required = required,
        Assurance = assurance,
        Reason = $"has not {required}",
        Challenge = challenge,
    };

    /// <summary>The account is being deleted, and all that is left to it is to be deleted whole.</summary>
    public static Refusal Leaving() => new()
    {
        Status = HttpStatusCode.Forbidden,
        Title = "This account is being deleted.",
        Detail = "Nothing else is allowed any more. If the deletion broke off, repeat DELETE /api/me.",
        Required = "an account that is not being deleted",
        Reason = "the account is being deleted",
    };

    public static Refusal Unavailable(string service, string reason) => new()
    {
        Status = HttpStatusCode.ServiceUnavailable,
        Title = "Nobody can say whether you may do this.",
        Detail = $"{service} did not answer as it must. Nothing was allowed; try again.",
        Service = service,
        Reason = reason,
    };

    public static Refusal Unavailable(GatewayUnavailableException failure) =>
        Unavailable(failure.Service == GatewayService.Gateway ? "gateway" : failure.Service.ToString(), failure.Message);

    /// <summary>There is a limit, and this is over it.</summary>
    /// <param name="limit">What the limit is for: a caller or an address.</param>
    /// <param name="retryAfter">When there is room again.</param>
    /// <param name="unrecorded">How many more there were since the last one that was recorded; null if this one is not recorded.</param>
    public static Refusal TooManyRequests(string limit, TimeSpan retryAfter, int? unrecorded) => new()
    {
        Status = HttpStatusCode.TooManyRequests,
        Title = "This is too much at once.",
        Detail = "There were more requests than the limit admits. Wait as long as Retry-After says.",
        Reason = unrecorded > 0 ? $"over the limit for one {limit}, as {unrecorded} more since the last record of it" : $"over the limit for one {limit}",
        RetryAfter = retryAfter,
        IsOneOfMany = unrecorded is null,
    };

    public static Refusal BadRequest(string detail) => new()
    {
        Status = HttpStatusCode.BadRequest,
        Title = "The request is not well formed.",
        Detail = detail,
        Reason = "malformed request",
    };

    public static Refusal NotFound(string detail) => new()
    {
        Status = HttpStatusCode.NotFound,
        Title = "There is no such thing.",
        Detail = detail,
        Reason = "not found",
    };

    /// <summary>The body is longer than the endpoint takes.</summary>
    /// <param name="maximum">How long it may be; in bytes.</param>
    public static Refusal TooLarge(int maximum) => OfStatus(HttpStatusCode.RequestEntityTooLarge) with { Detail = $"A body may have {maximum} bytes." };

    /// <summary>The body is not called what it must be.</summary>
    public static Refusal UnsupportedMediaType(string detail) => OfStatus(HttpStatusCode.UnsupportedMediaType) with { Detail = detail };

    /// <summary>The body is compressed or otherwise coded.</summary>
    /// <param name="known">The coding that is read.</param>
    public static Refusal UnsupportedCoding(string known) => new()
    {
        Status = HttpStatusCode.UnsupportedMediaType,
        Title = "The body must not be compressed.",
        Detail = "Send it as it is, without Content-Encoding.",
        Reason = "body in a content coding",
        AcceptEncoding = known,
    };

    /// <summary>The resource has another version than the request is bound to.</summary>
    public static Refusal PreconditionFailed(string detail = "It is not the version that If-Match or If-None-Match speaks of. Read it again, and change what you find.") => new()
    {
        Status = HttpStatusCode.PreconditionFailed,
        Title = "This has changed in the meantime.",
        Detail = detail,
        Reason = "another version",
    };

    /// <summary>A change must say which version it was made from.</summary>
    public static Refusal PreconditionRequired() => new()
    {
        Status = HttpStatusCode.PreconditionRequired,
        Title = "Say which version you changed.",
        Detail = "Send the ETag of what you read as If-Match.",
        Reason = "no If-Match",
    };

    /// <summary>The answer to a status that something else set without saying more.</summary>
    public static Refusal OfStatus(HttpStatusCode status) => new()
    {
        Status = status,
        Title = status switch
        {
            HttpStatusCode.BadRequest => "The request is not well formed.",
            HttpStatusCode.NotFound => "There is nothing here.",
            HttpStatusCode.MethodNotAllowed => "This cannot be done here.",
            HttpStatusCode.RequestTimeout => "The request took too long to arrive.",
            HttpStatusCode.RequestEntityTooLarge => "The request is too large.",
            HttpStatusCode.UnsupportedMediaType => "The body must be JSON.",
            _ => "Something went wrong here.",
        },
        Detail = status switch
        {
            HttpStatusCode.UnsupportedMediaType => "Send it with Content-Type: application/json.",
            HttpStatusCode.InternalServerError => "It has been written down under the trace id.",
            _ => null,
        },
        Reason = $"answered {(int)status}",
        Accept = status == HttpStatusCode.UnsupportedMediaType ? JsonMediaType.Name : null,
    };

    public RefusalException AsException() => new(this);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Get<Decision>()?.Refuse(this);
        return Problem.WriteAsync(httpContext, this);
    }
}
