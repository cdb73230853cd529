using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace NovaId.Tests.Zones;

/// <summary>Adds nothing, in particular no X-Forwarded header, and leaves the target byte for byte as it came.</summary>
internal sealed class UnchangedRequest : HttpTransformer
{
    public static readonly UnchangedRequest Instance = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        proxyRequest.RequestUri = new(destinationPrefix + target, asWritten);
    }
}
