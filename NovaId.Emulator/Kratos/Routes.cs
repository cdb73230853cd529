namespace NovaId.Emulator.Kratos;

/// <summary>
/// The routes of one port, matched as Go's router matches them: paths are case-sensitive, a literal beats a variable, a path that only
/// other methods know is 405. ASP.NET Core's own routing ignores case, which would answer where Kratos does not.
/// </summary>
internal sealed class Routes
{
    private readonly List<(string Method, string[] Segments, RequestDelegate Handler)> _routes = [];

    public void Map(string method, string template, RequestDelegate handler) => _routes.Add((method, template.Split('/'), handler));

    public async Task InvokeAsync(HttpContext http)
    {
        var segments = (http.Request.Path.Value ?? "").Split('/');
        var matches = _routes.Where(route => Matches(route.Segments, segments)).ToArray();
        // A GET route also answers HEAD.
        var method = HttpMethods.IsHead(http.Request.Method) ? "GET" : http.Request.Method;
        var route = matches.Where(match => match.Method == method).OrderBy(match => match.Segments.Count(IsVariable)).FirstOrDefault();
        if (route.Handler is not null)
        {
            for (var i = 0; i < segments.Length; i++)
            {
                if (IsVariable(route.Segments[i]))
                {
                    http.Request.RouteValues[route.Segments[i][1..^1]] = segments[i];
                }
            }

            await route.Handler(http);
            return;
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (matches.Length > 0)
        {
            var allowed = matches.Select(match => match.Method == "GET" ? "GET, HEAD" : match.Method);
            http.Response.Headers.Allow = string.Join(", ", allowed.Distinct().Order(StringComparer.Ordinal));
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            await http.Response.WriteAsync("Method Not Allowed\n", http.RequestAborted);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        await http.Response.WriteAsync("404 page not found\n", http.RequestAborted);
    }

    private static bool IsVariable(string segment) => segment.StartsWith('{');

    private static bool Matches(string[] template, string[] path) =>
        template.Length == path.Length && template.Zip(path).All(pair => IsVariable(pair.First) ? pair.Second.Length > 0 : pair.First == pair.Second);
}
