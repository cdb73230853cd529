using Microsoft.Net.Http.Headers;
using SameSiteMode = Microsoft.Net.Http.Headers.SameSiteMode;

namespace NovaId.Emulator.Kratos;

/// <summary>The attributes that a cookie gets.</summary>
internal sealed record CookieSettings(string Name, string Path, string? Domain, SameSiteMode SameSite, bool Secure, bool Persistent)
{
    /// <summary>Adds the cookie to the response, with its value as it stands: Kratos does not escape what a cookie may hold.</summary>
    public void Append(HttpContext http, string name, string value, TimeSpan? maxAge, DateTimeOffset? expires = null)
    {
        var cookie = new SetCookieHeaderValue(name, value)
        {
            Path = Path,
            Domain = Domain,
            HttpOnly = true,
            Secure = Secure,
            SameSite = SameSite,
            MaxAge = maxAge,
            Expires = expires,
        };
        http.Response.Headers.Append(HeaderNames.SetCookie, cookie.ToString());
    }
}
