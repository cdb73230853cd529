using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace NovaId.ServiceDefaults;

/// <summary>HTTP clients that find services by name and bear with short failures.</summary>
public static class HttpClientExtensions
{
    /// <summary>
    /// Gives every HTTP client service discovery and the standard resilience (a total time limit, retries, a circuit breaker). A client
    /// with bounds of its own takes these handlers out again.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of host builder.</typeparam>
    /// <param name="builder">The host builder.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddHttpClientDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }
}
