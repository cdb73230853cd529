using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Http;

/// <summary>Where a page may send somebody on to: another page of the zone, and nowhere else.</summary>
public static class ReturnAddress
{
    private static readonly string[] Allowed = ["/accounts", "/admin"];

    /// <summary>The address that somebody asks for, if it is a page of the zone.</summary>
    /// <param name="requested">What a query or a form said.</param>
    /// <returns>The same; null if it leads anywhere else.</returns>
    public static string? Checked(string? requested)
    {
        if (requested is null || requested.Length > 2000 || requested.AsSpan().ContainsAny('\\', '\t') || requested.Any(char.IsControl))
        {
            return null;
        }

        var path = requested.AsSpan();
        path = path[..(path.IndexOfAny('?', '#') is var end and >= 0 ? end : path.Length)];
        foreach (var place in Allowed)
        {
            if (path.StartsWith(place, StringComparison.Ordinal) && (path.Length == place.Length || path[place.Length] == '/')
                && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("..", StringComparison.Ordinal))
            {
                return requested;
            }
        }

        return null;
    }

    /// <summary>The page that somebody wanted to open, as the gateway writes it: whole, with the host that the browser asked.</summary>
    /// <param name="requested">What the query said.</param>
    /// <param name="origin">The zone's own origin.</param>
    /// <returns>Its path and query; null if it leads anywhere but to a page of the zone.</returns>
    public static string? Checked(string? requested, string origin) =>
        // Where something in front of the gateway ends TLS, the gateway takes the scheme for http: the host says which zone it is.
        Uri.TryCreate(requested, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            && IsOf(uri, new Uri(origin))
            ? Checked(uri.PathAndQuery)
            : Checked(requested);

    /// <summary>Whether an address is one of the zone, by its name or, on this machine, by another name of the same.</summary>
    private static bool IsOf(Uri uri, Uri origin) =>
        string.Equals(uri.Authority, origin.Authority, StringComparison.OrdinalIgnoreCase) || (uri.IsLoopback && origin.IsLoopback && uri.Port == origin.Port);

    /// <summary>The address of the page that is asked for, to come back to.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Its path and query.</returns>
    public static string? Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return Checked(HttpMethods.IsGet(http.Request.Method) ? http.Request.Path + http.Request.QueryString : http.Request.Path);
    }
}
