using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Http;

/// <summary>
/// Dates and numbers in the first language of the browser's list (RFC 9110, section 12.5.4) that this machine knows. Where it knows none,
/// because it has no ICU, they are written as ISO 8601 has them.
/// </summary>
internal sealed class PersonCultureMiddleware(RequestDelegate next)
{
    private const int MostLanguages = 10;

    public Task InvokeAsync(HttpContext http)
    {
        CultureInfo.CurrentCulture = Find(http.Request) ?? CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture;
        return next(http);
    }

    private static CultureInfo? Find(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .Take(MostLanguages)
            .Where(language => language.Quality is null or > 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Parse(language.Value.Value))
            .FirstOrDefault(culture => culture is not null);

    private static CultureInfo? Parse(string? name)
    {
        try
        {
            var culture = name is null or "*" ? null : CultureInfo.GetCultureInfo(name, predefinedOnly: true);
            return culture is null ? null : CultureInfo.CreateSpecificCulture(culture.Name);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
