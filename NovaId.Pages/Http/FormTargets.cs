using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Http;

/// <summary>
/// Where the forms of one page may lead beyond the zone. A browser holds <c>form-action</c> against every redirect after a form, so the
/// pages on which somebody lets an application in name that application's address.
/// </summary>
public static class FormTargets
{
    private static readonly object Key = new();
    private static readonly SearchValues<char> NotInSource = SearchValues.Create(" ;,'\"*\t\r\n");

    /// <summary>Lets the forms of this page end at an application.</summary>
    /// <param name="http">The request.</param>
    /// <param name="redirectUri">The address that the application registered.</param>
    public static void Allow(HttpContext http, string? redirectUri)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri) && SourceOf(uri) is { } source)
        {
            http.Items[Key] = source;
        }
    }

    internal static string? Of(HttpContext http) => http.Items[Key] as string;

    /// <summary>A source of the Content-Security-Policy; what could end the directive or begin another is none.</summary>
    private static string? SourceOf(Uri uri)
    {
        if (uri.Scheme is "javascript" or "data" or "blob" or "file")
        {
            return null;
        }

        var source = uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps
            ? $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
            : $"{uri.Scheme}:";
        return source.AsSpan().ContainsAny(NotInSource) ? null : source;
    }
}
