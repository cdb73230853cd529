namespace NovaId.Emulator.Keto;

/// <summary>
/// The routes of one port, matched as Go's router matches them: by the letter. Routing in ASP.NET Core would also take other capitals and a
/// slash at the end, and let a caller pass here who is turned away by the real Keto.
/// </summary>
internal sealed class KetoRouter
{
    private readonly Dictionary<string, Dictionary<string, RequestDelegate>> _routes = new(StringComparer.Ordinal);

    public void Map(string method, string path, RequestDelegate handler)
    {
        if (!_routes.TryGetValue(path, out var methods))
        {
            _routes[path] = methods = new Dictionary<string, RequestDelegate>(StringComparer.Ordinal);
        }

        methods.Add(method, handler);
        if (method == HttpMethods.Get)
        {
            // Go answers HEAD wherever it answers GET.
            methods.Add(HttpMethods.Head, handler);
        }
    }

    public Task RouteAsync(HttpContext http)
    {
        if (!_routes.TryGetValue(http.Request.Path.Value ?? "", out var methods))
        {
            return RefuseAsync(http, StatusCodes.Status404NotFound, "404 page not found\n");
        }

        if (methods.TryGetValue(http.Request.Method, out var handler))
        {
            return handler(http);
        }

        http.Response.Headers.Allow = string.Join(", ", methods.Keys.Order(StringComparer.Ordinal));
        return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed\n");
    }

    private static Task RefuseAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
