using Microsoft.Extensions.Primitives;
using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Gateway.Requests;

/// <summary>The request on its way to the upstream: what the handlers of a rule see, and what they change.</summary>
internal sealed class GatewayRequest
{
    /// <summary>Headers between two neighbours (RFC 9110, section 7.6.1): they end at the gateway.</summary>
    private static readonly string[] HopByHop =
    [
        "Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    ];

    private GatewayRequest(string method, RequestUrl url, Dictionary<string, StringValues> headers)
    {
        Method = method;
        Url = url;
        Headers = headers;
    }

    public string Method { get; }

    public RequestUrl Url { get; }

    public string Host => Url.Host;

    /// <summary>Everything but Host, which travels apart.</summary>
    public Dictionary<string, StringValues> Headers { get; }

    /// <summary>
    /// Takes over what the client sent, without the headers of the connection and without any word about forwarding: nobody before
    /// the gateway is trusted, so nobody may say who the client was.
    /// </summary>
    public static GatewayRequest From(HttpRequest request, RequestUrl url)
    {
        var headers = new Dictionary<string, StringValues>(request.Headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase) &&
                !name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase) &&
                !name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase))
            {
                headers[name] = values;
            }
        }

        var trailers = Tokens(request.Headers.TE).Any(token => token.Equals("trailers", StringComparison.OrdinalIgnoreCase));
        RemoveHopByHop(headers, name => headers.Remove(name));
        if (trailers)
        {
            headers["TE"] = "trailers";
        }

        return new GatewayRequest(request.Method, url, headers);
    }

    /// <summary>
    /// Removes the headers of one connection: those that always are, and those that its Connection header names. (Where that says
    /// close or keep-alive, Kestrel drops its other words, and what they name passes on: a client's own header, which it might as well
    /// not have named.)
    /// </summary>
    public static void RemoveHopByHop(IDictionary<string, StringValues> headers, Action<string> remove)
    {
        if (headers.TryGetValue("Connection", out var connection))
        {
            foreach (var name in Tokens(connection))
            {
                remove(name);
            }
        }

        foreach (var name in HopByHop)
        {
            remove(name);
        }
    }

    /// <summary>The first value of a header; empty if there is none.</summary>
    public string Header(string name) => Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : "";

    /// <summary>The value of the first cookie of this name; null if there is none. A cookie that is malformed is not there.</summary>
    public string? Cookie(string name)
    {
        foreach (var (key, value) in Cookies())
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    public IEnumerable<KeyValuePair<string, string>> Cookies() => GoCookies.Read(Headers.GetValueOrDefault("Cookie"));

    /// <summary>Puts the headers of the session on the request: one value for each, whatever the client sent under that name.</summary>
    public void Apply(AuthenticationSession session)
    {
        foreach (var (name, value) in session.Headers)
        {
            Headers[name] = value;
        }
    }

    private static IEnumerable<string> Tokens(StringValues values) =>
        values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
