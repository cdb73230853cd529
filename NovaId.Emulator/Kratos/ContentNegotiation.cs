using Microsoft.Net.Http.Headers;

namespace NovaId.Emulator.Kratos;

/// <summary>Whether a request comes from a program or a script, which want JSON, or from a browser's navigation.</summary>
internal static class ContentNegotiation
{
    private const string Html = "text/html";
    private const string Json = "application/json";

    /// <summary>Kratos' test for a script: JSON beats every form of HTML, or the body is JSON and says nothing else.</summary>
    public static bool IsJson(HttpRequest request) =>
        Negotiate(request, [Html, "text/*", "*/*", Json]) == Json || request.ContentType == Json;

    /// <summary>Kratos' test for a browser's navigation: whoever does not ask for something else.</summary>
    public static bool IsHtml(HttpRequest request) => Negotiate(request, [Html, "text/*", "*/*", Json]) == Html;

    public static bool AcceptsJson(HttpRequest request) => Negotiate(request, [Html, Json]) == Json;

    /// <summary>The offer that fits best: by weight, then by how exactly it is named, then by the order of the offers.</summary>
    private static string Negotiate(HttpRequest request, ReadOnlySpan<string> offers)
    {
        var best = Html;
        var bestWeight = -1.0;
        var bestWildcard = 3;
        var accepted = MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var list) ? list : [];
        foreach (var offer in offers)
        {
            foreach (var media in accepted)
            {
                var weight = media.Quality ?? 1;
                if (weight == 0 || weight < bestWeight)
                {
                    continue;
                }

                var name = media.MediaType.Value ?? "";
                var wildcard = name == "*/*" ? 2 : name.EndsWith("/*", StringComparison.Ordinal) ? 1 : 0;
                var fits = wildcard switch
                {
                    2 => true,
                    1 => offer.StartsWith(name[..^1], StringComparison.Ordinal),
                    _ => name == offer,
                };
                if (fits && (weight > bestWeight || bestWildcard > wildcard))
                {
                    (best, bestWeight, bestWildcard) = (offer, weight, wildcard);
                }
            }
        }

        return best;
    }
}
