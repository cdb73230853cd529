using Microsoft.Extensions.Primitives;
using NovaId.Emulator.Gateway.Requests;
using NovaId.Emulator.Gateway.Rules;
using NovaId.Emulator.Go;
using Yarp.ReverseProxy.Forwarder;

namespace NovaId.Emulator.Gateway.Proxy;

/// <summary>Sends exactly what the rule made of the request, and gives back what the upstream answered, header by header.</summary>
/// <param name="request">The request.</param>
/// <param name="upstream">Where it goes.</param>
/// <param name="readsFirst">
/// Whether of a header that is repeated the upstream reads the first alone. The client here would join the values, where Oathkeeper sends
/// a line for each.
/// </param>
internal sealed class UpstreamTransformer(GatewayRequest request, Upstream upstream, bool readsFirst) : HttpTransformer
{
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = new Uri(
            upstream.Prefix + request.Url.UpstreamTarget(upstream.BasePath, upstream.StripPath), RequestUrl.AsWritten);
        proxyRequest.Headers.Host = upstream.PreserveHost ? request.Host : upstream.Authority;
        foreach (var (name, values) in request.Headers)
        {
            if (values.Any(value => value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0))
            {
                // A value that a template rendered; what a client sends cannot hold these.
                throw new HttpRequestException($"The value of the header {name} holds a line break.");
            }

            if (IsWrittenApart(name) || (name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) && values is [""]))
            {
                continue;
            }

            HeaderCopy.Add(proxyRequest, name, readsFirst && values.Count > 1 && !GoRequests.IsList(name) ? values[0] : values);
        }

        return default;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return new(false);
        }

        var received = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in proxyResponse.Headers.NonValidated.Concat(proxyResponse.Content.Headers.NonValidated))
        {
            received[name] = new StringValues([.. values]);
        }

        GatewayRequest.RemoveHopByHop(received, name => received.Remove(name));
        var response = httpContext.Response.Headers;
        foreach (var (name, values) in received)
        {
            // What the gateway has set itself (Vary, the CORS headers) stays beside what the upstream says.
            response[name] = StringValues.Concat(response[name], values);
        }

        return new(true);
    }

    /// <summary>The client writes these itself, from the message and not from the headers.</summary>
    private static bool IsWrittenApart(string name) =>
        name.Equals("Host", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("Trailer", StringComparison.OrdinalIgnoreCase);
}
