using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using NovaId.Pages.Configuration;

namespace NovaId.Pages.Http;

/// <summary>
/// Leads a browser that asks for a page by 127.0.0.1 to <c>localhost</c>, where that is the zone's name: cookies, passkeys and the origin
/// of forms hang on it. Any other host is left alone, because something in front of the gateway may call it by a name of its own.
/// </summary>
internal sealed class ZoneNameMiddleware(RequestDelegate next, PageSite site, IOptions<GatewayOptions> options)
{
    private const string Local = "localhost";

    /// <summary>An app at the root has an origin of its own.</summary>
    private readonly bool _isOfZone = site.BasePath.Length > 0;

    private readonly Uri _origin = new(options.Value.Origin);

    public Task InvokeAsync(HttpContext http) =>
        _isOfZone && _origin.Host == Local && IsPage(http.Request) && IsByAddress(http.Request.Host)
            ? Page.Go(_origin.GetLeftPart(UriPartial.Authority) + http.Request.PathBase.ToUriComponent() + http.Request.Path.ToUriComponent() + http.Request.QueryString.ToUriComponent())
                .ExecuteAsync(http)
            : next(http);

    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static bool IsByAddress(HostString host) => IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address);
}
