using System.Security.Cryptography;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;

namespace NovaId.AppHost.Telemetry;

/// <summary>
/// The way of the private services' spans to the dashboard: through a route of the gateway, so that nothing but the gateway stands on
/// both networks. Aspire's own way, <c>WithOtlpExporter</c>, wants a container on a network with a way out.
/// </summary>
public static class TelemetryBuilderExtensions
{
    /// <summary>The name by which the gateway knows the dashboard's OTLP endpoint.</summary>
    internal const string HostName = "telemetry";

    /// <summary>The endpoint's port: OTLP over HTTP, <see href="https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port"/>.</summary>
    internal const int Port = 4318;

    private const string AuthorityVariable = "OTEL_EXPORTER_OTLP_CERTIFICATE";
    private const string EndpointKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string DashboardAddressKey = "ASPNETCORE_URLS";
    private const string ApiKey = "AppHost:OtlpApiKey";
    private const string RuleFile = "telemetry-rule.yml";

    // The ratio is of traces that begin with a service; what has a parent is traced if the parent is. Nothing begins with a private service
    // but its own health checks, each with the questions to its database: traces by the hundred among which nobody finds a request.
    private const string EveryRequest = "1";
    private const string RequestsOfTheGateway = "0";

    /// <summary>Opens the dashboard's OTLP endpoint on the edge network's side of this machine, over TLS, and the route to it in the gateway.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="network">The edge network.</param>
    /// <param name="authority">The authority that signs the endpoint's certificate, which the gateway trusts.</param>
    /// <returns>The same gateway.</returns>
    public static IResourceBuilder<OathkeeperResource> WithTelemetryRoute(
        this IResourceBuilder<OathkeeperResource> gateway, IResourceBuilder<EdgeNetworkResource> network, IResourceBuilder<CertificateAuthorityResource> authority)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(authority);
        var builder = gateway.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
        {
            return gateway;
        }

        network.Resource.WhenCreated(edge => builder.Configuration[EndpointKey] = FormattableString.Invariant($"https://{edge.HostBinding}:{Port}"));
        builder.Services.AddSingleton<IDistributedApplicationEventingSubscriber>(new DashboardCertificate(builder, authority, HostName));
        return gateway
            .WithHostAlias(HostName, network)
            .WithFurtherRules(RuleFile, HasDashboard)
            .CallsOverTls(HostName, Port)
            .WithSpans(FormattableString.Invariant($"{HostName}:{Port}"), static () => true, EveryRequest);
    }

    /// <summary>Sends a private service's spans through the gateway.</summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="gateway">The gateway.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> WithSpansThrough<T>(this IResourceBuilder<T> builder, IResourceBuilder<OathkeeperResource> gateway)
        where T : OryServiceResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(gateway);
        return builder.WithSpans(FormattableString.Invariant($"{gateway.Resource.Name}:{OathkeeperResource.ProxyPort}"), () => gateway.Resource.SpeaksTls, RequestsOfTheGateway);
    }

    /// <summary>Sends an edge container's telemetry to the dashboard, which it reaches by itself, and believes by its authority alone
    /// (<see href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/"/>, <c>OTEL_EXPORTER_OTLP_CERTIFICATE</c>).</summary>
    /// <param name="builder">The container.</param>
    /// <param name="network">The edge network.</param>
    /// <param name="authority">The authority.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<EdgeContainerResource> WithTelemetry(
        this IResourceBuilder<EdgeContainerResource> builder, IResourceBuilder<EdgeNetworkResource> network, IResourceBuilder<CertificateAuthorityResource> authority)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(authority);
        return builder.WithHostAlias(HostName, network).WithAuthorityFile(authority, AuthorityVariable).WithEnvironment(context =>
        {
            if (!HasDashboard(context.ExecutionContext.Services.GetRequiredService<DistributedApplicationModel>()))
            {
                return;
            }

            context.EnvironmentVariables["OTEL_SERVICE_NAME"] = builder.Resource.Name;
            context.EnvironmentVariables["OTEL_EXPORTER_OTLP_ENDPOINT"] = FormattableString.Invariant($"https://{HostName}:{Port}");
            context.EnvironmentVariables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
            context.EnvironmentVariables["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1000";
            if (builder.ApplicationBuilder.Configuration[ApiKey] is { Length: > 0 } key)
            {
                context.EnvironmentVariables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
            }
        });
    }

    /// <summary>Has a running program send its metrics every five seconds: Aspire has it do so every second, whether anybody looks or not
    /// (<see href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#periodic-exporting-metricreader"/>).</summary>
    /// <typeparam name="T">The kind of program.</typeparam>
    /// <param name="builder">The program.</param>
    /// <returns>The same program.</returns>
    public static IResourceBuilder<T> WithSparseMetrics<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsRunMode)
            {
                context.EnvironmentVariables["OTEL_METRIC_EXPORT_INTERVAL"] = "5000";
            }
        });
    }

    /// <summary>Says where the dashboard shows a trace.</summary>
    /// <typeparam name="T">The kind of program.</typeparam>
    /// <param name="builder">The program.</param>
    /// <param name="variable">The variable that takes the address, with <c>{traceId}</c> in it.</param>
    /// <returns>The same program.</returns>
    public static IResourceBuilder<T> WithTraceAddress<T>(this IResourceBuilder<T> builder, string variable)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(variable);
        return builder.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsRunMode
                && HasDashboard(context.ExecutionContext.Services.GetRequiredService<DistributedApplicationModel>())
                && builder.ApplicationBuilder.Configuration[DashboardAddressKey]?.Split(';')[0] is { Length: > 0 } dashboard)
            {
                context.EnvironmentVariables[variable] = $"{dashboard.TrimEnd('/')}/traces/detail/{{traceId}}";
            }
        });
    }

    private static IResourceBuilder<T> WithSpans<T>(this IResourceBuilder<T> builder, string server, Func<bool> isOverTls, string ratio)
        where T : OryServiceResource =>
        builder.WithEnvironment(context =>
        {
            // An empty provider is an error to them, so nothing is said where nobody looks: under test, and in what is published.
            if (!context.ExecutionContext.IsRunMode || !HasDashboard(context.ExecutionContext.Services.GetRequiredService<DistributedApplicationModel>()))
            {
                return;
            }

            context.EnvironmentVariables["TRACING_PROVIDER"] = "otel";
            context.EnvironmentVariables["TRACING_SERVICE_NAME"] = builder.Resource.Name;
            context.EnvironmentVariables["TRACING_PROVIDERS_OTLP_SERVER_URL"] = server;
            context.EnvironmentVariables["TRACING_PROVIDERS_OTLP_INSECURE"] = isOverTls() ? "false" : "true";
            context.EnvironmentVariables["TRACING_PROVIDERS_OTLP_SAMPLING_SAMPLING_RATIO"] = ratio;
            context.EnvironmentVariables["OTEL_EXPORTER_OTLP_HEADERS"] = Headers(builder.ApplicationBuilder.Configuration[ApiKey]);
        });

    /// <summary>
    /// The dashboard's key, without which it takes nothing; and a parent that is not sampled, because the gateway would otherwise trace
    /// each upload, and that trace would be the next upload.
    /// </summary>
    private static string Headers(string? key)
    {
        var parent = $"traceparent=00-{RandomNumberGenerator.GetHexString(32, lowercase: true)}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}-00";
        return string.IsNullOrEmpty(key) ? parent : $"x-otlp-api-key={key},{parent}";
    }

    private static bool HasDashboard(DistributedApplicationModel model) => model.Resources.Any(resource => resource.Name == DashboardCertificate.Dashboard);
}
