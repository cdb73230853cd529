using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using Reply = NovaId.Contract.Drivers.Reply;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>What the tests sent a zone and got from it, word by word.</summary>
internal sealed partial class Conversation
{
    /// <summary>What is shorter is found by chance in what nobody can read.</summary>
    private const int Shortest = 7;

    /// <summary>What is shorter is no secret: a title that a test gives, and a word of the protocol as well.</summary>
    private const int ShortestSecret = 12;

    /// <summary>What a name holds whose value opens something, or is a person's own. Everything else is ids and words of the protocols.</summary>
    private static readonly string[] SecretMembers =
    [
        "password", "email", "identifier", "token", "secret", "code", "title", "content", "assertion", "verifier", "cookie", "authorization",
    ];

    private readonly ConcurrentDictionary<string, bool> _words = new(StringComparer.Ordinal);

    /// <summary>Every word, in the ways in which it is written: as it is, in an address, in JSON.</summary>
    public IReadOnlyCollection<string> Words => Written(_words.Keys);

    /// <summary>Those that nobody else may ever see: what opens something, and what people write.</summary>
    public IReadOnlyCollection<string> Secrets => Written(_words.Where(word => word.Value).Select(word => word.Key));

    /// <summary>Takes a request and its answer.</summary>
    public void Observe(HttpRequestMessage request, Reply reply)
    {
        Query(request.RequestUri!.Query);
        Headers(request.Headers);
        if (request.Content is { } content)
        {
            Body(content.ReadAsStringAsync().GetAwaiter().GetResult(), content.Headers.ContentType?.MediaType);
        }

        Headers(reply.Headers);
        if (reply.Headers.Location is { } location)
        {
            Query(location.OriginalString.Split('?', 2) is [_, var query] ? query : "");
        }

        Body(reply.Body, reply.ContentType);
    }

    /// <summary>Takes a secret of the zone itself, line by line.</summary>
    public void Keep(string? secret)
    {
        foreach (var line in (secret ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith('-')))
        {
            if (line.StartsWith('{'))
            {
                Json(JsonSerializer.Deserialize<JsonElement>(line), isSecret: true);
            }
            else
            {
                Note(line, isSecret: true);
            }
        }
    }

    private static HashSet<string> Written(IEnumerable<string> words) =>
        [.. words.SelectMany(word => (string[])[word, Uri.EscapeDataString(word), HttpUtility.UrlEncode(word), JsonEncodedText.Encode(word, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value])
            .Select(word => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(word)))];

    private static bool IsSecret(string name) => SecretMembers.Any(member => name.Contains(member, StringComparison.OrdinalIgnoreCase));

    private void Headers(HttpHeaders headers)
    {
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                switch (name)
                {
                    case "Cookie" or "Set-Cookie":
                        foreach (var cookie in (name == "Cookie" ? value : value.Split(';')[0]).Split("; "))
                        {
                            Note(cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..], isSecret: true);
                        }

                        break;
                    case "Authorization":
                        Note(value.Split(' ', 2)[^1], isSecret: true);
                        break;
                    case "X-Session-Token":
                        Note(value, isSecret: true);
                        break;
                }
            }
        }
    }

    private void Query(string query)
    {
        var values = HttpUtility.ParseQueryString(query);
        foreach (var name in values.AllKeys.OfType<string>())
        {
            foreach (var value in values.GetValues(name) ?? [])
            {
                Note(value, IsSecret(name));
            }
        }
    }

    private void Body(string body, string? type)
    {
        if (type == "application/x-www-form-urlencoded")
        {
            Query(body);
        }
        else if (type?.EndsWith("json", StringComparison.Ordinal) ?? false)
        {
            try
            {
                Json(JsonSerializer.Deserialize<JsonElement>(body), isSecret: false);
            }
            catch (JsonException)
            {
                // Part of the contract is what is no JSON.
                Note(body, isSecret: false);
            }
        }
        else
        {
            // A page, line by line; what people and zone put there stands in quotes or between tags.
            foreach (var line in body.Split((char[])['\n', '"', '<', '>'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                Note(line, isSecret: false);
            }
        }
    }

    private void Json(JsonElement element, bool isSecret)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Json(member.Value, isSecret || IsSecret(member.Name));
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Json(item, isSecret);
                }

                break;
            case JsonValueKind.String:
                Note(element.GetString()!, isSecret);
                break;
        }
    }

    private void Note(string word, bool isSecret)
    {
        if (Uri.TryCreate(word, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            // Of an address, what it hands over may be a secret.
            Query(address.Query);
            isSecret = false;
        }

        if (word.Length >= Shortest)
        {
            var counts = isSecret && word.Length >= ShortestSecret && !Guid.TryParse(word, out _) && !WordOfAProtocol().IsMatch(word);
            _words.AddOrUpdate(word, counts, (_, before) => before || counts);
        }
    }

    /// <summary>Such as <c>client_credentials</c>. An id opens nothing either; and no password, token or key is made of small letters alone.</summary>
    [GeneratedRegex(@"\A(urn:.*|[a-z_:. -]*)\z")]
    private static partial Regex WordOfAProtocol();
}
