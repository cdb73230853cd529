using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace NovaId.ServiceDefaults;

/// <summary>Health checks: whether a program runs, and whether it is ready.</summary>
public static class HealthExtensions
{
    /// <summary>Ready to serve: every health check passes.</summary>
    public const string HealthPath = "/health";

    /// <summary>Running: the checks tagged <see cref="LiveTag"/> pass. A program that fails these should be started again.</summary>
    public const string AlivePath = "/alive";

    /// <summary>Marks the checks that say whether the program runs at all.</summary>
    public const string LiveTag = "live";

    /// <summary>Adds the check that the program runs.</summary>
    /// <typeparam name="TBuilder">The kind of host builder.</typeparam>
    /// <param name="builder">The host builder.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary>Maps <see cref="HealthPath"/> and <see cref="AlivePath"/>, which answer with one word and tell nothing more.</summary>
    /// <typeparam name="TEndpoints">The kind of route builder.</typeparam>
    /// <param name="endpoints">The route builder.</param>
    /// <returns>The same route builder.</returns>
    public static TEndpoints MapDefaultEndpoints<TEndpoints>(this TEndpoints endpoints)
        where TEndpoints : IEndpointRouteBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapHealthChecks(HealthPath);
        endpoints.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return endpoints;
    }
}
