using System.Globalization;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Startup;
using NovaId.AppHost.Telemetry;

namespace NovaId.AppHost.Api;

/// <summary>Adds the API: the project on this machine, or, sealed, a container on the edge network.</summary>
public static class ApiBuilderExtensions
{
    private const string Endpoint = "http";
    private const string Tag = "sealed";
    private const string DataFolder = "/data";

    /// <summary>What it says to everybody, and nothing else does.</summary>
    private static readonly Greeting Public = Greeting.Http("/api/public", "\"name\":\"NovaId\"");

    /// <summary>Adds the API. The gateway knows it as <c>api</c> in either case.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name for the gateway.</param>
    /// <param name="options">Which of the two, its port, and whether its documents and access log are kept.</param>
    /// <param name="gateway">The gateway, which it knows alone.</param>
    /// <param name="clientSecret">The secret of its service client.</param>
    /// <param name="network">The edge network.</param>
    /// <param name="topology">What it waits for.</param>
    public static void AddApi(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ZoneOptions options,
        IResourceBuilder<OathkeeperResource> gateway,
        IResourceBuilder<ParameterResource> clientSecret,
        IResourceBuilder<EdgeNetworkResource> network,
        IResourceBuilder<TopologyResource> topology)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(gateway);
        builder.EnsureFreeAtStart(options.GatewayPort, "Zone:GatewayPort");
        if (builder.ExecutionContext.IsPublishMode)
        {
            builder.AddPublishedApi(name, options, gateway, clientSecret, network).WaitFor(topology);
        }
        else if (options.Kind == ZoneKind.Sealed)
        {
            builder.AddSealedApi(name, options, gateway, clientSecret, network, topology);
        }
        else
        {
            builder.AddProjectApi(name, options, gateway, clientSecret, network, topology);
        }
    }

    private static void AddProjectApi(
        this IDistributedApplicationBuilder builder,
        string name,
        ZoneOptions options,
        IResourceBuilder<OathkeeperResource> gateway,
        IResourceBuilder<ParameterResource> clientSecret,
        IResourceBuilder<EdgeNetworkResource> network,
        IResourceBuilder<TopologyResource> topology)
    {
        network.Resource.WhenCreated(edge => PortCheck.EnsureFree(edge.HostBinding, ZoneOptions.DefaultApiPort, null));
        gateway.WithHostAlias(name, network);
        builder.AddProject<Projects.NovaId_Api>(name, launchProfileName: null)
            .FromBuiltProgram()
            .WithHttpEndpoint(port: ZoneOptions.DefaultApiPort, name: Endpoint, isProxied: false)
            .ReachableFrom(network, Endpoint)
            .WithListener(ZoneOptions.DefaultApiPort, Public)
            .WithApiEnvironment(options.GatewayAddress, clientSecret, options.KeepData ? DataPath(builder, $"{options.Name}-{name}") : ":memory:")
            .WithEnvironment("Gateway__Issuer", options.Address)
            .WithHttpHealthCheck("/alive", endpointName: Endpoint)
            .WithUrlForEndpoint(Endpoint, url => url.DisplayText = "Straight to the API (refuses what the gateway has not signed)")
            .WithUrl($"{options.Address}/api/docs", "API documentation")
            // A dashboard that is gone must not hold up the end.
            .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000")
            .WaitFor(topology);
    }

    private static void AddSealedApi(
        this IDistributedApplicationBuilder builder,
        string name,
        ZoneOptions options,
        IResourceBuilder<OathkeeperResource> gateway,
        IResourceBuilder<ParameterResource> clientSecret,
        IResourceBuilder<EdgeNetworkResource> network,
        IResourceBuilder<TopologyResource> topology)
    {
        // One image for each copy of this project, which the next start builds anew: nothing is left over.
        var image = $"{options.Name}-{name}:{Tag}";
        var built = builder.AddApiImage($"{name}-image", image, options);
        var inside = string.Create(CultureInfo.InvariantCulture, $"http://{gateway.Resource.Name}:{OathkeeperResource.ProxyPort}");
        string[] data = options.KeepData ? ["--volume", $"{options.Name}-{name}:{DataFolder}"] : ["--tmpfs", $"{DataFolder}:uid=1654,gid=1654,mode=0700"];
        builder.AddEdgeContainer(name, image, network, data)
            .WithListener(ZoneOptions.DefaultApiPort, Public)
            .WithApiEnvironment(inside, clientSecret, $"{DataFolder}/novaid.db")
            .WithEnvironment("Gateway__Issuer", options.Address)
            .WithEnvironment("HTTP_PORTS", ZoneOptions.DefaultApiPort.ToString(CultureInfo.InvariantCulture))
            .WithTelemetry(network)
            .WithUrl($"{options.Address}/api/docs", "API documentation")
            .WaitFor(topology)
            .WaitForCompletion(built);
    }

    private static IResourceBuilder<T> WithApiEnvironment<T>(
        this IResourceBuilder<T> builder, string gateway, IResourceBuilder<ParameterResource> clientSecret, string storage)
        where T : IResourceWithEnvironment =>
        builder
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.ApplicationBuilder.Environment.EnvironmentName)
            .WithEnvironment("Gateway__Address", gateway)
            .WithEnvironment("Gateway__ClientSecret", clientSecret)
            .WithEnvironment("Storage__Path", storage);

    /// <summary>Documents and access log outlive the application, and are in no folder that git sees.</summary>
    private static string DataPath(IDistributedApplicationBuilder builder, string name)
    {
        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        var folder = Path.Combine(root, "NovaId", name);
        if (builder.ExecutionContext.IsRunMode)
        {
            Directory.CreateDirectory(folder);
        }

        return Path.Combine(folder, "novaid.db");
    }
}
