using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace NovaId.Api.Versions;

/// <summary>
/// A resource as it is now, with its version: 304 to whoever has read that version already. The answer to a change says that it is the
/// resource itself (<c>Content-Location</c>; RFC 9110, section 8.7), so that the version counts for the next change.
/// </summary>
internal sealed class Versioned<T>(T value, EntityTagHeaderValue tag) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult, IValueHttpResult, IValueHttpResult<T>
{
    public T? Value => value;

    object? IValueHttpResult.Value => value;

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.Headers.ETag = tag.ToString();
        if (!Preconditions.IsRead(request.Method))
        {
            response.Headers.ContentLocation = request.Path.ToUriComponent();
        }
        else if (Preconditions.Of(request).HasRead(tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return TypedResults.Ok(value).ExecuteAsync(httpContext);
    }
}
