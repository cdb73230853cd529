using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Emulator.Gateway.Requests;

/// <summary>What Go's server refuses of a request's head before anybody sees it, and Kestrel lets through.</summary>
internal static class RequestHead
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Control characters of a target.</summary>
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7f).Select(c => (char)c)]);

    /// <summary>Control characters of a header's value: all but the tabulator.</summary>
    private static readonly SearchValues<char> HeaderControls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7f).Select(c => (char)c).Where(c => c != '\t')]);

    /// <summary>Reads the target, and refuses what Go's server refuses.</summary>
    /// <returns>The address that was asked for; null if the request is answered.</returns>
    public static async Task<RequestUrl?> ReadAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.AsSpan().ContainsAny(Controls) || !http.Request.Headers.All(header => IsValid(header.Key, header.Value)) ||
            !RequestUrl.TryParse(target, http.Request.Host.Value ?? "", out var url))
        {
            const string Refusal = "400 Bad Request";
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            http.Response.ContentType = "text/plain; charset=utf-8";
            http.Response.ContentLength = Refusal.Length;
            http.Response.Headers.Connection = "close";
            await http.Response.WriteAsync(Refusal, http.RequestAborted);
            return null;
        }

        if (http.Request.Headers.Expect is [{ Length: > 0 } first, ..] && !first.Contains("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.StatusCode = StatusCodes.Status417ExpectationFailed;
            http.Response.Headers.Connection = "close";
            return null;
        }

        if (HttpMethods.IsConnect(http.Request.Method))
        {
            // Oathkeeper's proxy opens no tunnel.
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
            return null;
        }

        return url;
    }

    private static bool IsValid(string name, Microsoft.Extensions.Primitives.StringValues values) =>
        !name.AsSpan().ContainsAnyExcept(Token) && values.All(value => !value.AsSpan().ContainsAny(HeaderControls));
}
