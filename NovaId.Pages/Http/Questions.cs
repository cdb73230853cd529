using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Http;

/// <summary>Whether the scripts of one page may ask anything: <c>connect-src</c> names the page's own origin where they may, and nobody else.</summary>
internal static class Questions
{
    private static readonly object Key = new();

    public static void Allow(HttpContext http) => http.Items[Key] = true;

    public static bool AreAllowed(HttpContext http) => http.Items.ContainsKey(Key);
}
