using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace NovaId.Api.Http;

/// <summary>How much a request may be.</summary>
internal static class RequestLimits
{
    /// <summary>How long a body may be, unless the endpoint says otherwise (<see cref="BodyLimit"/>); in bytes.</summary>
    public const int MaximumBodySize = 64 * 1024;

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // The endpoint's limit counts (RequestBodyMiddleware), and one that is answered with words; the server's own cuts the connection.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }
}
