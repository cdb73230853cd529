using Microsoft.AspNetCore.Http;
using NovaId.Pages.Components;
using NovaId.Pages.Configuration;

namespace NovaId.Pages.Http;

/// <summary>
/// Takes forms only from pages of the app's own origin: a browser says in <c>Sec-Fetch-Site</c> and <c>Origin</c> where a form came from,
/// and no page can change either. Nothing is kept for it, so every instance decides alike.
/// </summary>
internal sealed class SameOriginMiddleware(RequestDelegate next, PageOrigin here)
{
    public Task InvokeAsync(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || IsFromHere(http.Request)
            ? next(http)
            : ErrorModel.Foreign(http).ExecuteAsync(http);

    private bool IsFromHere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        var origin = request.Headers.Origin;
        return site.Count + origin.Count > 0
            && (site.Count == 0 || site == "same-origin")
            && (origin.Count == 0 || string.Equals(origin, here.Value, StringComparison.OrdinalIgnoreCase));
    }
}
