using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace NovaId.ServiceDefaults;

/// <summary>Logs, metrics and traces by OpenTelemetry.</summary>
public static class TelemetryExtensions
{
    /// <summary>The names of this product's own meters and activity sources begin with this.</summary>
    public const string SourcePattern = "NovaId.*";

    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Collects logs, metrics and traces and sends them over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of host builder.</typeparam>
    /// <param name="builder">The host builder.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
            // Nobody would read them: meters, logs and activities (and with them the traceparent header) do not depend on the SDK.
            return builder;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(SourcePattern))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, SourcePattern, "Npgsql")
                .AddAspNetCoreInstrumentation(instrumentation => instrumentation.Filter = IsNoHealthCheck)
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
        return builder;
    }

    private static bool IsNoHealthCheck(HttpContext http) =>
        !http.Request.Path.StartsWithSegments(HealthExtensions.HealthPath, StringComparison.Ordinal)
        && !http.Request.Path.StartsWithSegments(HealthExtensions.AlivePath, StringComparison.Ordinal);
}
