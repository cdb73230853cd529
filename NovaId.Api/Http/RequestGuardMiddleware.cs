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

        // A HEAD is answered as its GET would be, and the server leaves out the body (RFC 9110, section 9.3.2).
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Features.Set(new OriginalMethod(http.Request.Method));
            http.Request.Method = HttpMethods.Get;
        }

        return next(http);
    }
}
