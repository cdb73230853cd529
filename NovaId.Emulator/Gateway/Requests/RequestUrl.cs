using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace NovaId.Emulator.Gateway.Requests;

/// <summary>
/// The address of a request as Go's net/url holds it: the path decoded, and beside it the raw path where decoding lost something.
/// What reaches the upstream depends on both, so the rules of the two are followed to the letter.
/// </summary>
internal sealed class RequestUrl
{
    /// <summary>For addresses that are sent as they stand, without .NET tidying up the path.</summary>
    public static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private static readonly SearchValues<char> UserInfo =
        SearchValues.Create("-._:~!$&'()*+,;=%@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private bool _forceQuery;

    private RequestUrl(string host) => Host = host;

    /// <summary>The gateway speaks no TLS, and forwarded headers are not trusted.</summary>
    public string Scheme { get; } = Uri.UriSchemeHttp;

    public string Host { get; private set; }

    /// <summary>The decoded path, one character for each byte (<see cref="ByteString"/>).</summary>
    public string Path { get; private set; } = "";

    /// <summary>The path as it was sent, if encoding <see cref="Path"/> would not give it back; otherwise empty.</summary>
    public string RawPath { get; private set; } = "";

    public string RawQuery { get; private set; } = "";

    /// <summary>Reads a request target in origin form or absolute form; the latter's authority takes the place of the Host header.</summary>
    public static bool TryParse(string target, string host, [NotNullWhen(true)] out RequestUrl? url)
    {
        url = new RequestUrl(host);
        if (!target.StartsWith('/'))
        {
            var start = target.IndexOf("://", StringComparison.Ordinal);
            if (start < 0)
            {
                // What is left is the authority form of CONNECT: it has no path, so no rule matches it.
                return true;
            }

            var authority = start + 3;
            var end = target.AsSpan(authority).IndexOfAny('/', '?');
            url.Host = end < 0 ? target[authority..] : target[authority..(authority + end)];
            target = end < 0 ? "" : target[(authority + end)..];
            if (url.Host.LastIndexOf('@') is >= 0 and var at)
            {
                // Whoever the address names is nobody's business here; Go only looks whether it could be somebody.
                if (url.Host.AsSpan(0, at).ContainsAnyExcept(UserInfo))
                {
                    return false;
                }

                url.Host = url.Host[(at + 1)..];
            }
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
        {
            url.RawQuery = target[(query + 1)..];
            url._forceQuery = url.RawQuery.Length == 0;
            target = target[..query];
        }

        if (!TryUnescape(target, plusIsSpace: false, out var path))
        {
            return false;
        }

        url.Path = path;
        url.RawPath = EscapePath(path) == target ? "" : target;
        return true;
    }

    /// <summary>Resolves <c>.</c> and <c>..</c>, joins slashes and drops the last one, before any rule is asked.</summary>
    public void CleanPath() => Path = Path.Length == 0 ? "" : Clean(Path);

    /// <summary>What a rule is matched against: no query, and bytes that are no UTF-8 replaced.</summary>
    public string MatchText() => $"{Scheme}://{Host}{ByteString.Decode(Path)}";

    /// <summary>The path and query that the upstream receives.</summary>
    /// <param name="basePath">The path of the upstream's own address.</param>
    /// <param name="stripPath">What is cut out of the path where it stands first; empty for nothing.</param>
    public string UpstreamTarget(string basePath, string stripPath)
    {
        var path = (basePath.Length, Path.Length) switch
        {
            (0, 0) => "",
            (0, _) => Clean(Path),
            (_, 0) => Clean(basePath),
            _ => Clean($"{basePath}/{Path}"),
        };
        if (stripPath.Length > 0 && path.IndexOf(stripPath, StringComparison.Ordinal) is var at and >= 0)
        {
            path = path.Remove(at, stripPath.Length);
        }

        // The raw path lives on only as long as it still says the same as the path.
        var escaped = RawPath.Length > 0 && ValidEncodedPath(RawPath) && TryUnescape(RawPath, plusIsSpace: false, out var decoded) && decoded == path
            ? RawPath
            : EscapePath(path);
        if (escaped.Length == 0)
        {
            escaped = "/";
        }

        var query = CleanQuery(RawQuery);
        return query.Length > 0 || _forceQuery ? $"{escaped}?{query}" : escaped;
    }

    /// <summary>The first value of a query parameter; empty if there is none.</summary>
    public string QueryValue(string name) =>
        ParseQuery(RawQuery).FirstOrDefault(parameter => ByteString.Decode(parameter.Key) == name) is { Value: { } value }
            ? ByteString.Decode(value)
            : "";

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Scheme}://{Host}{(RawPath.Length > 0 ? RawPath : EscapePath(Path))}{(RawQuery.Length > 0 || _forceQuery ? "?" + RawQuery : "")}";

    internal static string Clean(string path)
    {
        if (path.Length == 0)
        {
            return ".";
        }

        var rooted = path[0] == '/';
        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".")
            {
                continue;
            }

            if (segment != "..")
            {
                segments.Add(segment);
            }
            else if (segments.Count > 0 && segments[^1] != "..")
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (!rooted)
            {
                segments.Add(segment);
            }
        }

        var joined = string.Join('/', segments);
        return rooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }

    internal static string EscapePath(string path)
    {
        if (!path.Any(EscapedInPath))
        {
            return path;
        }

        var result = new StringBuilder(path.Length + 16);
        foreach (var c in path)
        {
            Append(result, c, EscapedInPath(c));
        }

        return result.ToString();
    }

    /// <summary>A query that a parser could read in two ways is written anew, so that the gateway and the upstream read the same.</summary>
    internal static string CleanQuery(string query)
    {
        for (var i = 0; i < query.Length; i++)
        {
            if (query[i] == ';' || (query[i] == '%' && !IsEscape(query, i)))
            {
                return Encode(ParseQuery(query));
            }
        }

        return query;
    }

    private static string Encode(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var result = new StringBuilder();
        // The keys are sorted and the values of one key keep their order.
        foreach (var (key, value) in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            if (result.Length > 0)
            {
                result.Append('&');
            }

            AppendQueryPart(result, key);
            result.Append('=');
            AppendQueryPart(result, value);
        }

        return result.ToString();
    }

    private static IEnumerable<KeyValuePair<string, string>> ParseQuery(string query)
    {
        foreach (var part in query.Split('&'))
        {
            if (part.Length == 0 || part.Contains(';', StringComparison.Ordinal))
            {
                continue;
            }

            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (TryUnescape(equals < 0 ? part : part[..equals], plusIsSpace: true, out var key) &&
                TryUnescape(equals < 0 ? "" : part[(equals + 1)..], plusIsSpace: true, out var value))
            {
                yield return new(key, value);
            }
        }
    }

    private static void AppendQueryPart(StringBuilder result, string text)
    {
        foreach (var c in text)
        {
            if (c == ' ')
            {
                result.Append('+');
            }
            else
            {
                Append(result, c, !Unreserved(c));
            }
        }
    }

    private static void Append(StringBuilder result, char c, bool escape)
    {
        if (escape)
        {
            result.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
        }
        else
        {
            result.Append(c);
        }
    }

    private static bool TryUnescape(string text, bool plusIsSpace, out string result)
    {
        result = text;
        if (!text.Contains('%', StringComparison.Ordinal) && !(plusIsSpace && text.Contains('+', StringComparison.Ordinal)))
        {
            return true;
        }

        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (!IsEscape(text, i))
                {
                    return false;
                }

                decoded.Append((char)byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                decoded.Append(plusIsSpace && text[i] == '+' ? ' ' : text[i]);
            }
        }

        result = decoded.ToString();
        return true;
    }

    private static bool IsEscape(string text, int at) =>
        at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);

    private static bool Unreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~';

    private static bool EscapedInPath(char c) => !Unreserved(c) && c is not ('$' or '&' or '+' or ',' or '/' or ':' or ';' or '=' or '@');

    private static bool ValidEncodedPath(string path) =>
        path.All(c => c is '!' or '\'' or '(' or ')' or '*' or '[' or ']' or '%' || !EscapedInPath(c));
}
