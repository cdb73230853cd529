using Microsoft.Extensions.Primitives;

namespace NovaId.Emulator.Go;

/// <summary>
/// The cookies of a request as Go's net/http reads them: nothing is decoded but the quotes around a value, what is malformed is not there,
/// and one that stands twice is there twice, so that the first counts.
/// </summary>
internal static class GoCookies
{
    /// <summary>More than this, and Go reads none at all.</summary>
    private const int MaximumCookies = 3000;

    public static IEnumerable<KeyValuePair<string, string>> Read(StringValues lines)
    {
        if (lines.Sum(line => line.AsSpan().Count(';') + 1) > MaximumCookies)
        {
            yield break;
        }

        foreach (var part in lines.SelectMany(line => (line ?? "").Split(';')))
        {
            var cookie = part.Trim(' ', '\t');
            var equals = cookie.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? cookie : cookie[..equals]).Trim(' ', '\t');
            var value = equals < 0 ? "" : cookie[(equals + 1)..];
            if (value.Length > 1 && value[0] == '"' && value[^1] == '"')
            {
                value = value[1..^1];
            }

            if (name.Length > 0 && name.All(IsTokenCharacter) && value.All(c => c is >= ' ' and < '\x7f' and not ('"' or ';' or '\\')))
            {
                yield return new(name, value);
            }
        }
    }

    /// <summary>The values of a cookie, in the order in which they were sent.</summary>
    public static IEnumerable<string> All(HttpRequest request, string name) =>
        Read(request.Headers.Cookie).Where(cookie => cookie.Key == name).Select(cookie => cookie.Value);

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
