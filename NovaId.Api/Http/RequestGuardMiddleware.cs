using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Api.Http;

/// <summary>Sends away what no endpoint needs to see, before anything reads it.</summary>
internal sealed class RequestGuardMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        // The gateway matches its rules against the decoded path, and hands this one on: the two must not mean different things.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        if (path.Contains("%2f", StringComparison.OrdinalIgnoreCase)
            || path.Contains("%5c", StringComparison.OrdinalIgnoreCase)
            || path.Contains('\\', StringComparison.Ordinal))
        {
            throw Refusal.BadRequest("The path holds an encoded slash or a backslash.").AsException();
        }

        BoundBody(http);

        // A HEAD is answered as its GET would be, and the server leaves out the body (RFC 9110, section 9.3.2).
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Features.Set(new OriginalMethod(http.Request.Method));
            http.Request.Method = HttpMethods.Get;
        }

        return next(http);
    }

    /// <summary>
    /// Sees to it that a client hears why its body is refused: the server reads the rest and throws it away, for a few seconds, instead of
    /// cutting the connection while the client still sends.
    /// </summary>
    private static void BoundBody(HttpContext http)
    {
        var request = http.Request;
        var isTooLong = request.ContentLength > RequestLimits.MaximumBodySize;
        var isOfUnknownLength = request.ContentLength is null && http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        if (!isTooLong && !isOfUnknownLength)
        {
            return;
        }

        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        if (isTooLong)
        {
            throw Refusal.OfStatus(HttpStatusCode.RequestEntityTooLarge).AsException();
        }

        request.Body = new BoundedBody(request.Body, RequestLimits.MaximumBodySize);
    }
}
