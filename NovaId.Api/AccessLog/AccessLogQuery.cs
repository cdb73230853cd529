using NovaId.Api.Http;

namespace NovaId.Api.AccessLog;

/// <summary>Which entries to list: <c>?subject=&amp;allowed=</c>.</summary>
internal sealed record AccessLogQuery(string? Subject, bool? Allowed)
{
    public const int MaximumSubjectLength = 512;

    public static ValueTask<AccessLogQuery?> BindAsync(HttpContext httpContext)
    {
        var query = httpContext.Request.Query;
        var subject = query["subject"] switch
        {
            [] => null,
            [{ Length: > 0 and <= MaximumSubjectLength } text] => text,
            _ => throw Refusal.BadRequest("subject must be a person's id, or client: and a client's.").AsException(),
        };
        bool? allowed = query["allowed"] switch
        {
            [] => null,
            ["true"] => true,
            ["false"] => false,
            _ => throw Refusal.BadRequest("allowed must be true or false.").AsException(),
        };
        return new(new AccessLogQuery(subject, allowed));
    }
}
