using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace NovaId.Emulator.Go;

/// <summary>
/// Lets a service see its requests as Go's net/http shows them: the query and the cookies are read by Go's rules, one value for each name,
/// and of a header that is repeated the first counts.
/// </summary>
internal static class GoRequests
{
    /// <summary>Headers of which Go's services read every line.</summary>
    private static readonly string[] Lists = ["Cookie", "Accept", "Connection", "Transfer-Encoding", "Via"];

    public static void UseGoRequests(this WebApplication app) => app.Use((http, next) =>
    {
        KeepFirst(http.Request.Headers);
        http.Features.Set<IQueryFeature>(new QueryFeature(http.Request));
        http.Features.Set<IRequestCookiesFeature>(new CookiesFeature(http.Request));
        return next(http);
    });

    public static bool IsList(string header) => Lists.Contains(header, StringComparer.OrdinalIgnoreCase);

    private static void KeepFirst(IHeaderDictionary headers)
    {
        List<string>? repeated = null;
        foreach (var (name, values) in headers)
        {
            if (values.Count > 1 && !IsList(name))
            {
                (repeated ??= []).Add(name);
            }
        }

        foreach (var name in repeated ?? [])
        {
            headers[name] = headers[name][0];
        }
    }

    private static Dictionary<string, string> First(GoValues values) =>
        values.Names.ToDictionary(name => name, name => values[name], StringComparer.Ordinal);

    private static Dictionary<string, string> First(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            first.TryAdd(name, value);
        }

        return first;
    }

    private sealed class QueryFeature(HttpRequest request) : IQueryFeature
    {
        public IQueryCollection Query
        {
            get => field ??= new Pairs(First(GoValues.OfQuery(request)));
            set;
        }
    }

    private sealed class CookiesFeature(HttpRequest request) : IRequestCookiesFeature
    {
        public IRequestCookieCollection Cookies
        {
            get => field ??= new Pairs(First(GoCookies.Read(request.Headers.Cookie)));
            set;
        }
    }

    private sealed class Pairs(Dictionary<string, string> values) : IQueryCollection, IRequestCookieCollection
    {
        public int Count => values.Count;

        public ICollection<string> Keys => values.Keys;

        StringValues IQueryCollection.this[string key] => values.TryGetValue(key, out var value) ? value : StringValues.Empty;

        string? IRequestCookieCollection.this[string key] => values.GetValueOrDefault(key);

        public bool ContainsKey(string key) => values.ContainsKey(key);

        bool IQueryCollection.TryGetValue(string key, out StringValues value)
        {
            var found = values.TryGetValue(key, out var text);
            value = found ? text : StringValues.Empty;
            return found;
        }

        bool IRequestCookieCollection.TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);

        IEnumerator<KeyValuePair<string, StringValues>> IEnumerable<KeyValuePair<string, StringValues>>.GetEnumerator() =>
            values.Select(pair => KeyValuePair.Create(pair.Key, new StringValues(pair.Value))).GetEnumerator();

        IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() => values.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => values.GetEnumerator();
    }
}
