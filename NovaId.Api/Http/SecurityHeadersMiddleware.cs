using System.Diagnostics;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;

namespace NovaId.Api.Http;

/// <summary>
/// Headers of every answer: those that keep a browser from making more of it than it is, and its trace. What other origins may read, the
/// gateway alone says.
/// </summary>
internal sealed class SecurityHeadersMiddleware
{
    /// <summary>For the page of the documentation: its own scripts and styles and no other place's.</summary>
    private const string DocumentationPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string NoFeatures = "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
        + "magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    private readonly RequestDelegate _next;
    private readonly Func<object, Task> _complete;

    public SecurityHeadersMiddleware(RequestDelegate next, IOptions<GatewayOptions> options)
    {
        _next = next;

        // The API itself is never called by https; its callers are, if that is how the gateway is reached.
        var isBehindHttps = options.Value.ExpectedIssuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        _complete = http => Complete((HttpContext)http, isBehindHttps);
    }

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(_complete, http);
        return _next(http);
    }

    private static Task Complete(HttpContext http, bool isBehindHttps)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = NoFeatures;
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true
            ? DocumentationPolicy
            : "default-src 'none'; frame-ancestors 'none'";
        if (isBehindHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        // Whoever asks about an answer names the trace, and not of refusals alone.
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            headers.TraceParent = trace;
        }

        // What was said to one caller is for nobody who comes after; only what is the same for all may say otherwise of itself.
        if (http.Features.Get<Authorization.Decision>() is not null || headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
