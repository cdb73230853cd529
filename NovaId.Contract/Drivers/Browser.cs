using System.Globalization;
using System.Web;

namespace NovaId.Contract.Drivers;

/// <summary>A browser: it keeps cookies and goes where it is sent, as long as that is inside the zone. A page ends the way, because
/// there a person would act.</summary>
public sealed class Browser
{
    private readonly ZoneClient _client;
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    internal Browser(ZoneClient client) => _client = client;

    internal ZonePages Pages => new(_client.Address);

    /// <summary>The cookies, by name.</summary>
    public IDictionary<string, string> Cookies => _cookies;

    public Task<Reply> GetAsync(string target) => SendAsync(HttpMethod.Get, target);

    /// <summary>Sends a form.</summary>
    public Task<Reply> PostFormAsync(string target, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, target, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    /// <summary>Opens an address and follows every redirect within the zone.</summary>
    /// <returns>The address at which it ended: a page, or outside the zone.</returns>
    public async Task<Uri> FollowAsync(string target) => await FollowAsync(await GetAsync(target));

    /// <summary>Follows the redirect of an answer, and every further one within the zone.</summary>
    /// <returns>The address at which it ended: a page, or outside the zone.</returns>
    public async Task<Uri> FollowAsync(Reply reply)
    {
        for (var hop = 0; hop < 10; hop++)
        {
            Assert.True(reply.Status is 302 or 303, $"Expected a redirect from {reply}");
            var next = new Uri(_client.Address, reply.Location);
            if (next.Authority != _client.Address.Authority || ZonePages.Holds(next))
            {
                return next;
            }

            reply = await GetAsync(next.PathAndQuery);
        }

        throw new InvalidOperationException($"The redirects do not end: {reply}.");
    }

    public async Task<Reply> SendAsync(
        HttpMethod method, string target, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        (string Name, string Value)[] cookie = _cookies.Count > 0
            ? [("Cookie", string.Join("; ", _cookies.Select(pair => $"{pair.Key}={pair.Value}")))]
            : [];
        var accept = headers.Any(header => header.Name == "Accept") ? [] : new[] { ("Accept", "text/html") };
        var reply = await _client.SendAsync(method, target, [.. cookie, .. accept, .. headers], content);
        if (reply.Headers.TryGetValues("Set-Cookie", out var values))
        {
            foreach (var value in values)
            {
                Keep(value);
            }
        }

        return reply;
    }

    /// <summary>A value from the query of an address.</summary>
    public static string Query(Uri uri, string name) =>
        HttpUtility.ParseQueryString(uri.Query)[name]
        ?? throw new InvalidOperationException($"{uri.GetLeftPart(UriPartial.Path)} carries no {name}.");

    private void Keep(string setCookie)
    {
        var parts = setCookie.Split(';', StringSplitOptions.TrimEntries);
        var (name, value) = Split(parts[0]);
        var attributes = parts.Skip(1).Select(Split).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var gone = attributes.TryGetValue("Max-Age", out var age)
            ? int.Parse(age, CultureInfo.InvariantCulture) <= 0
            : attributes.TryGetValue("Expires", out var expires)
                && DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, out var end) && end < DateTimeOffset.UtcNow;
        if (gone)
        {
            _cookies.Remove(name);
        }
        else
        {
            _cookies[name] = value;
        }
    }

    private static (string Name, string Value) Split(string pair) =>
        pair.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (pair[..at], pair[(at + 1)..]) : (pair, "");
}
