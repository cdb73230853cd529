using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Transforms;

namespace NovaId.Emulator.Gateway.Proxy;

/// <summary>YARP's own way to put a header on an upstream request: it also knows what to do with Content-Type on a request without a body.</summary>
internal sealed class HeaderCopy : RequestTransform
{
    public static void Add(HttpRequestMessage message, string name, StringValues values) => AddHeader(new RequestTransformContext { ProxyRequest = message }, name, values);

    public override ValueTask ApplyAsync(RequestTransformContext context) => default;
}
