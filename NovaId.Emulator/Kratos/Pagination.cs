using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Emulator.Kratos;

/// <summary>Kratos' two ways to hand out lists in pages.</summary>
internal static class Pagination
{
    private const int DefaultSize = 250;

    /// <summary>The size of a page that follows a token.</summary>
    /// <exception cref="KratosException">The size is no number (400).</exception>
    public static int KeysetSize(IQueryCollection query, int max, Func<string, KratosException> invalid)
    {
        var parameter = query.ContainsKey("page_token") || query.ContainsKey("page_size") ? "page_size" : "per_page";
        var text = query[parameter].FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        if (text.Length == 0)
        {
            return DefaultSize;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size))
        {
            throw invalid(text);
        }

        return size <= 0 ? DefaultSize : Math.Min(size, max);
    }

    public static KratosException InvalidToken() => KratosException.BadRequest("The page token is invalid, do not craft your own page tokens");

    /// <summary>Names the first page and, if there is one, the next.</summary>
    public static void LinkKeyset(HttpContext http, int size, string first, string? next)
    {
        var links = new List<string> { Link(http, "first", ("page_token", first), ("page_size", Text(size))) };
        if (next is not null)
        {
            links.Add(Link(http, "next", ("page_token", next), ("page_size", Text(size))));
        }

        http.Response.Headers.Link = string.Join(',', links);
    }

    /// <summary>The page and its size, by number or by a token that holds an offset. What cannot be read counts as not given.</summary>
    public static (int Page, int Size) ParseNumbered(IQueryCollection query)
    {
        const int MaxSize = 1000;
        var byToken = query.ContainsKey("page_token") || query.ContainsKey("page_size");
        var size = Math.Clamp(Number(query[byToken ? "page_size" : "per_page"]) ?? DefaultSize, 1, MaxSize);
        var page = byToken ? Offset(query["page_token"]) / size : Number(query["page"]) ?? 0;
        return (Math.Max(page, 0), size);
    }

    public static void LinkNumbered(HttpContext http, int total, int page, int size)
    {
        http.Response.Headers["X-Total-Count"] = Text(total);
        var offset = (long)page * size;
        var last = total % size == 0 ? total - size : total / size * size;
        string[] links = offset >= last
            ? total == 0
                ? [At("first", 0), At("next", ((offset / size) + 1) * size), At("prev", ((offset / size) - 1) * size)]
                : total <= size ? [LinkTo("first", 0, total)] : [At("first", 0), At("prev", last - size)]
            : offset < size
                ? [At("next", size), At("last", last)]
                : [At("first", 0), At("next", ((offset / size) + 1) * size), At("prev", ((offset / size) - 1) * size), At("last", last)];
        http.Response.Headers.Link = string.Join(',', links);

        string At(string relation, long at) => LinkTo(relation, at, size);

        string LinkTo(string relation, long at, int perPage) => Link(
            http,
            relation,
            ("page_size", Text(perPage)),
            ("page_token", WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes($"{{\"offset\":\"{Text(at)}\",\"v\":2}}"))),
            ("per_page", Text(perPage)),
            ("page", Text(at / perPage)));
    }

    private static string Link(HttpContext http, string relation, params ReadOnlySpan<(string, string)> values) =>
        $"<{http.Request.Path.ToUriComponent()}{Addresses.SetQueryOf(http.Request.QueryString.Value ?? "", values)}>; rel=\"{relation}\"";

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Offset(string? token)
    {
        try
        {
            var json = KratosJson.Parse(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token ?? "")));
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("offset", out var offset) ? Number(offset.ToString()) ?? 0 : 0;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return 0;
        }
    }
}
