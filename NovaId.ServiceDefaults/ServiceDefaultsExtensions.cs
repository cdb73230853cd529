using Microsoft.Extensions.Hosting;

namespace NovaId.ServiceDefaults;

/// <summary>What every program of NovaId does alike, in one line.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks, service discovery and resilient HTTP clients.</summary>
    /// <typeparam name="TBuilder">The kind of host builder.</typeparam>
    /// <param name="builder">The host builder.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddTelemetry()
            .AddDefaultHealthChecks()
            .AddHttpClientDefaults();
    }
}
