using System.Net;
using System.Text.RegularExpressions;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>Addresses as Go's net/url handles them, which is what Hydra's answers and comparisons rest on.</summary>
internal static partial class Urls
{
    /// <summary>An address with a path appended to it.</summary>
    public static string Append(string address, string path) => address.TrimEnd('/') + path;

    /// <summary>An address whose query has these parameters instead of any of the same name, sorted by name as Go does.</summary>
    public static string SetQuery(string address, params ReadOnlySpan<KeyValuePair<string, string>> parameters)
    {
        var fragment = address.IndexOf('#');
        var tail = fragment < 0 ? "" : address[fragment..];
        var head = fragment < 0 ? address : address[..fragment];
        var question = head.IndexOf('?');
        var query = GoValues.Parse(question < 0 ? "" : head[(question + 1)..], out _);
        foreach (var (name, value) in parameters)
        {
            query[name] = value;
        }

        var encoded = query.Encode();
        return (question < 0 ? head : head[..question]) + (encoded.Length == 0 ? "" : "?" + encoded) + tail;
    }

    /// <summary>A parameter of an address; empty where it has none.</summary>
    public static string GetQuery(string address, string name)
    {
        var head = address.Split('#')[0];
        var question = head.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? "" : GoValues.Parse(head[(question + 1)..], out _)[name];
    }

    /// <summary>Whether Go's url.ParseRequestURI takes it: an absolute address, or a path from the root.</summary>
    public static bool IsRequestUri(string text)
    {
        if (text.Length == 0 || text.Any(c => c is < ' ' or '\x7f') || (text[0] != '/' && !Scheme().IsMatch(text)))
        {
            return false;
        }

        var parts = Parts().Match(text);
        var (authority, path) = (parts.Groups["host"].Value, parts.Groups["path"].Value);
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        return !BrokenEscape().IsMatch(authority) && !BrokenEscape().IsMatch(path) && !authority.Contains(' ') && !OddPort().IsMatch(host);
    }

    /// <summary>Whether an address of the application may be redirected to: absolute and without a fragment.</summary>
    public static bool IsValidRedirect(string text) => IsRequestUri(text) && text[0] != '/' && !text.Contains('#');

    /// <summary>
    /// Whether a redirection address is the registered one. Only a loopback address may differ, and only in its port
    /// (RFC 8252, section 7.3).
    /// </summary>
    public static bool MatchesRedirect(string requested, string registered)
    {
        if (requested == registered)
        {
            return true;
        }

        return Uri.TryCreate(requested, UriKind.Absolute, out var wanted)
            && Uri.TryCreate(registered, UriKind.Absolute, out var known)
            && wanted.Scheme == Uri.UriSchemeHttp
            && IPAddress.TryParse(wanted.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)
            && known.Host == wanted.Host
            && known.AbsolutePath == wanted.AbsolutePath
            && known.Query == wanted.Query;
    }

    /// <summary>Whether the host is this machine, as Hydra tells it.</summary>
    public static bool IsLocalhost(Uri address) =>
        address.Host == "localhost" || address.Host.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>
    /// Whether an audience is one of the allowed ones. Hydra compares them as addresses: scheme and host are equal, and the path is the
    /// allowed one or lies below it.
    /// </summary>
    public static bool MatchesAudience(IEnumerable<string> allowed, string audience)
    {
        var (scheme, host, path) = Split(audience);
        return allowed.Select(Split).Any(known =>
        {
            var root = known.Path.TrimEnd('/');
            return known.Scheme == scheme
                && known.Host == host
                && (path == known.Path || path == root || path.StartsWith(root + "/", StringComparison.Ordinal));
        });
    }

    private static (string Scheme, string Host, string Path) Split(string text)
    {
        var match = Parts().Match(text);
        return (match.Groups["scheme"].Value.ToLowerInvariant(), match.Groups["host"].Value, Uri.UnescapeDataString(
            match.Groups["path"].Value));
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BrokenEscape();

    [GeneratedRegex(@":(?!\d*$)[^\]]*$")]
    private static partial Regex OddPort();

    [GeneratedRegex("^((?<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(//(?<host>[^/?#]*))?(?<path>[^?#]*)")]
    private static partial Regex Parts();
}
