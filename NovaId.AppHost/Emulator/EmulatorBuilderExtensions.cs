using System.Globalization;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Startup;
using NovaId.AppHost.Telemetry;

namespace NovaId.AppHost.Emulator;

/// <summary>The emulated zone in place of the containers.</summary>
public static class EmulatorBuilderExtensions
{
    /// <summary>Adds the emulator: gateway, services, API and pages in one process. It prints the people that it seeds in its own log.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="options">The ports.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <returns>The emulator.</returns>
    public static IResourceBuilder<ProjectResource> AddEmulatedZone(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, ZoneOptions options, string configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.EnsureFreeAtStart(options.GatewayPort, "Zone:GatewayPort").EnsureFreeAtStart(options.ApiPort, "Zone:ApiPort")
            .EnsureFreeAtStart(options.DemoPort, "Zone:DemoPort");
        // Otherwise the application ends before the emulator, which has its signing key to remove.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        return builder.AddProject<Projects.NovaId_Emulator>(name, launchProfileName: null)
            .FromBuiltProgram()
            .WithArgs(
                "--port", options.GatewayPort.ToString(CultureInfo.InvariantCulture),
                "--api-port", options.ApiPort.ToString(CultureInfo.InvariantCulture),
                "--demo-port", options.DemoPort.ToString(CultureInfo.InvariantCulture),
                "--config", Path.GetFullPath(configuration, builder.AppHostDirectory),
                "--address", options.Address)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithTraceAddress("Demo__TraceAddress")
            .WithSparseMetrics()
            // A dashboard that is gone must not hold up the end.
            .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000")
            .WithHttpEndpoint(port: options.GatewayPort, name: "http", isProxied: false)
            .WithHttpHealthCheck("/api/health", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Gateway")
            .WithUrl($"{options.Address}/accounts/", "Your account")
            .WithUrl($"{options.Address}/admin/", "People, ranks and the access log")
            .WithUrl(options.DemoAddress, "An app of somebody else")
            .WithUrl($"{options.Address}/api/docs", "API documentation");
    }

    /// <summary>Adds the check of <c>ory-config</c>, which ends with an error that names file, line and key where something is wrong. The
    /// real gateway leaves a broken rule out and serves the others.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <returns>The check.</returns>
    public static IResourceBuilder<ProjectResource> AddConfigurationCheck(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddProject<Projects.NovaId_Emulator>(name, launchProfileName: null)
            .FromBuiltProgram()
            .WithArgs("check", "--config", Path.GetFullPath(configuration, builder.AppHostDirectory))
            .WithIconName("DocumentCheckmark")
            .ExcludeFromManifest();
    }
}
