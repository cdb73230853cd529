using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Emulator.Kratos;

/// <summary>Web addresses, put together as Kratos does: queries sorted by name, paths joined with one slash.</summary>
internal static partial class Addresses
{
    /// <summary>The address as the client wrote it, which is what the flow remembers. The query is given because Kratos changes it.</summary>
    public static string RequestUrl(HttpRequest request, string query)
    {
        var host = FirstOf(request.Headers["X-Forwarded-Host"], request.Host.Value);
        var scheme = FirstOf(request.Headers["X-Forwarded-Proto"], "http");
        return $"{scheme}://{host}{request.Path.ToUriComponent()}{query}";
    }

    public static string RequestUrl(HttpRequest request) => RequestUrl(request, request.QueryString.Value ?? "");

    public static string AppendPath(string address, string path)
    {
        var end = address.IndexOf('?', StringComparison.Ordinal);
        var (front, query) = end < 0 ? (address, "") : (address[..end], address[end..]);
        return front.TrimEnd('/') + path + query;
    }

    public static string SetQuery(string address, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var end = address.IndexOf('?', StringComparison.Ordinal);
        var (front, query) = end < 0 ? (address, "") : (address[..end], address[end..]);
        return front + SetQueryOf(query, values);
    }

    /// <summary>A query string with some values set and the names in order.</summary>
    public static string SetQueryOf(string query, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var all = QueryHelpers.ParseQuery(query);
        foreach (var (name, value) in values)
        {
            all[name] = value;
        }

        var pairs = all.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => pair.Value.Select(value => $"{Escape(pair.Key)}={Escape(value ?? "")}"));
        var joined = string.Join('&', pairs);
        return joined.Length == 0 ? "" : "?" + joined;
    }

    public static string? QueryValue(string address, string name)
    {
        var start = address.IndexOf('?', StringComparison.Ordinal);
        var value = start < 0 ? null : QueryHelpers.ParseQuery(address[start..]).GetValueOrDefault(name).FirstOrDefault();
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>Takes an address apart (RFC 3986, appendix B), or gives null for one with characters that browsers read in their own ways.</summary>
    public static AddressParts? Split(string address)
    {
        if (address.Any(c => c is '\\' or <= ' ' or (char)127))
        {
            return null;
        }

        var match = Form().Match(address);
        return match.Success
            ? new AddressParts(match.Groups[1].Value, match.Groups[2].Success, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value)
            : null;
    }

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static string FirstOf(string? first, string? second) => string.IsNullOrEmpty(first) ? second ?? "" : first;

    [GeneratedRegex(@"^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    /// <summary>The parts of an address; the rest is query and fragment as they stand.</summary>
    internal sealed record AddressParts(string Scheme, bool HasAuthority, string Authority, string Path, string Rest);
}
