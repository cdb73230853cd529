using NovaId.Api.Http;

namespace NovaId.Api.Versions;

/// <summary>
/// Refuses a change that is bound to a version of what has none: no version can match (RFC 9110, section 13.1.1), and whoever sends the
/// header relies on it.
/// </summary>
internal sealed class UnversionedMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) =>
        http.Request.Headers.IfMatch.Count > 0
        && http.GetEndpoint() is RouteEndpoint endpoint
        && endpoint.Metadata.GetMetadata<VersionMetadata>() is null
        && !Preconditions.IsRead(http.Request.Method)
        && Preconditions.Of(http.Request).NamesVersions
            ? throw Refusal.PreconditionFailed("This has no version that a change could be bound to. Leave If-Match out.").AsException()
            : next(http);
}
