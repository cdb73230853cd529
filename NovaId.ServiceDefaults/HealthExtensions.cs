using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
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

    /// <summary>
    /// The entry of a check's data that whoever asks is told where it fails: what is wrong and what to do, without a secret or an address.
    /// </summary>
    public const string Told = "told";

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

    /// <summary>
    /// Maps <see cref="HealthPath"/> and <see cref="AlivePath"/>, which answer with one word; where the program is not ready, below it stands
    /// what a check says of that in <see cref="Told"/>, and nothing else.
    /// </summary>
    /// <typeparam name="TEndpoints">The kind of route builder.</typeparam>
    /// <param name="endpoints">The route builder.</param>
    /// <returns>The same route builder.</returns>
    public static TEndpoints MapDefaultEndpoints<TEndpoints>(this TEndpoints endpoints)
        where TEndpoints : IEndpointRouteBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = WriteAsync });
        endpoints.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return endpoints;
    }

    /// <summary>A failure whose reason is told to whoever asks.</summary>
    /// <param name="reason">What is wrong and what to do, without a secret or an address.</param>
    /// <param name="cause">What failed; it is logged, and not told.</param>
    /// <returns>The result of the check.</returns>
    public static HealthCheckResult UnhealthyAndTold(string reason, Exception? cause = null) =>
        HealthCheckResult.Unhealthy(reason, cause, new Dictionary<string, object> { [Told] = reason });

    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "text/plain";
        var told = report.Entries
            .Where(entry => entry.Value.Status != HealthStatus.Healthy && entry.Value.Data.ContainsKey(Told))
            .Select(entry => $"\n{entry.Key}: {entry.Value.Data[Told]}");
        return http.Response.WriteAsync($"{report.Status}{string.Concat(told)}");
    }
}
