using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Separate networks for the containers of an application, in run mode and in what it publishes.</summary>
public static class NetworkBuilderExtensions
{
    private const string InstanceKey = "Networks:Instance";
    private const string HashKey = "AppHost:Sha256";
    private const int HashLength = 8;
    private const int NameLength = 32;
    private const string Type = "Network";

    /// <summary>
    /// Adds the network that nothing leaves and nobody reaches. It takes the place of Aspire's own network: Aspire uses a network that
    /// exists under the name it looks for, and looks for a name known beforehand as soon as one container of the model is persistent.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <returns>The network.</returns>
    public static IResourceBuilder<PrivateNetworkResource> AddPrivateNetwork(this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.PrivateNetwork() is { } other)
        {
            throw new DistributedApplicationException(
                $"'{name}' would be a second private network beside '{other.Name}', and Aspire puts every container on one. Use '{other.Name}', or add an edge network.");
        }

        if (builder.ExecutionContext.IsRunMode)
        {
            // One that is never started is enough.
            builder.AddContainer("network-anchor", "none")
                .WithImagePullPolicy(ImagePullPolicy.Never)
                .WithLifetime(ContainerLifetime.Persistent)
                .WithExplicitStart()
                .ExcludeFromManifest()
                .WithInitialState(new() { ResourceType = Type, Properties = [], IsHidden = true });
            // Otherwise the application ends before its containers, and their networks could not be removed.
            builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        }

        return builder.AddNetwork(new PrivateNetworkResource(name, builder.PrivateEngineName()));
    }

    /// <summary>Adds a network for what others reach: frontends, an API, and whatever leads from them to the private network.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <returns>The network.</returns>
    public static IResourceBuilder<EdgeNetworkResource> AddEdgeNetwork(this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddNetwork(new EdgeNetworkResource(name, $"{builder.ApplicationName()}-{name}-{builder.Instance()}".ToLowerInvariant()));
    }

    /// <summary>Adds what watches over the networks, for others to wait for.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <returns>The topology.</returns>
    public static IResourceBuilder<TopologyResource> AddTopology(this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var check = $"{name}_as_declared";
        builder.Services.AddSingleton<TopologyHealthCheck>();
        builder.Services.AddHealthChecks().AddCheck<TopologyHealthCheck>(check);
        return builder.AddResource(new TopologyResource(name))
            .WithInitialState(new() { ResourceType = "Topology", State = KnownResourceStates.NotStarted, Properties = [] })
            .WithIconName("Organization")
            .WithHealthCheck(check)
            .ExcludeFromManifest()
            .OnInitializeResource(async (topology, initialize, cancellationToken) =>
            {
                if (!await initialize.WaitForDependenciesAsync(cancellationToken))
                {
                    return;
                }

                await initialize.Notifications.PublishUpdateAsync(
                    topology, snapshot => snapshot with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
            });
    }

    /// <summary>Says on which networks a container stands; it stands on no other.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="networks">The networks. Aspire gives every container the private one, so that it has to be among them.</param>
    /// <returns>The same container.</returns>
    /// <exception cref="DistributedApplicationException">The private network is not among them, or one is named twice.</exception>
    public static IResourceBuilder<T> OnNetworks<T>(this IResourceBuilder<T> builder, params IResourceBuilder<ContainerNetworkResource>[] networks)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(networks);
        var before = builder.Resource.Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network).ToArray();
        var all = before.Concat(networks.Select(network => network.Resource)).ToArray();
        if (all.GroupBy(network => network).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new DistributedApplicationException($"'{builder.Resource.Name}' is put on '{twice.Key.Name}' twice. Name it once.");
        }

        if (!all.Any(network => network is PrivateNetworkResource))
        {
            throw new DistributedApplicationException(
                $"'{builder.Resource.Name}' is not on the private network, which Aspire gives to every container. Name that too, or use AddEdgeContainer for what must not be there.");
        }

        foreach (var network in networks)
        {
            builder.WithAnnotation(new NetworkAttachmentAnnotation(network.Resource));
        }

        if (!builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        if (before.Length == 0)
        {
            builder.Named().WithContainerRuntimeArgs([.. NameServer.Options]);
        }

        foreach (var network in networks.Where(network => network.Resource is not PrivateNetworkResource))
        {
            builder.WithContainerRuntimeArgs("--network", $"name={network.Resource.EngineName},alias={builder.Resource.Name}");
        }

        return builder;
    }

    /// <summary>Has a container's health asked inside it, by the engine: the host does not reach the private network.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="command">What the container's shell runs; exit code 0 is healthy. It takes the place of what was said before.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithContainerHealthCheck<T>(this IResourceBuilder<T> builder, string command)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var isAsked = builder.Resource.Annotations.OfType<HealthCommandAnnotation>().Any();
        builder.WithAnnotation(new HealthCommandAnnotation(command), ResourceAnnotationMutationBehavior.Replace);
        if (isAsked || !builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        var key = $"{builder.Resource.Name}_container";
        builder.ApplicationBuilder.AddEngine().AddHealthChecks().Add(new(
            key,
            services => new ContainerHealthCheck(
                services.GetRequiredService<ContainerEngine>(), services.GetRequiredService<ContainerHealthFeed>(), builder.Resource),
            failureStatus: null,
            tags: null));
        return builder.Named().WithHealthCheck(key).WithContainerRuntimeArgs(context =>
        {
            // Each question is a process in the container, which the engine tells everybody and the orchestrator looks into: most of what a
            // zone costs that nobody asks. So they are few, and one refusal is enough, since it has gone on for ten seconds.
            string[] options =
            [
                "--health-cmd", Patiently(builder.Resource.Annotations.OfType<HealthCommandAnnotation>().Last().Command),
                "--health-interval", "20s",
                "--health-timeout", "15s",
                "--health-retries", "1",
                "--health-start-period", "60s",
                "--health-start-interval", "100ms",
            ];
            foreach (var option in options)
            {
                context.Args.Add(option);
            }
        });
    }

    /// <summary>Lets the containers of the edge network reach a program on this machine, and nothing else of this machine's networks.</summary>
    /// <param name="builder">The program; its endpoint is not proxied.</param>
    /// <param name="network">The network.</param>
    /// <param name="endpointName">The endpoint.</param>
    /// <returns>The same program.</returns>
    public static IResourceBuilder<T> ReachableFrom<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<EdgeNetworkResource> network, [EndpointName] string endpointName)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(network);
        network.Resource.WhenCreated(edge => builder.WithEndpoint(endpointName, endpoint => endpoint.TargetHost = edge.HostBinding));
        return builder.WithAnnotation(new ReachableFromAnnotation(network.Resource));
    }

    /// <summary>Gives a container a name for this machine, on the edge network's side of it.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The name.</param>
    /// <param name="network">The edge network.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithHostAlias<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<EdgeNetworkResource> network)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(network);
        return builder.WithAnnotation(new HostAliasAnnotation(name, network.Resource)).WithContainerRuntimeArgs(context =>
        {
            context.Args.Add("--add-host");
            context.Args.Add($"{name}:{network.Resource.HostAddress}");
        });
    }

    /// <summary>Says on which port a service listens, and how one knows that it is this service that answers. What was said of the same
    /// port before counts no more.</summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="port">The port.</param>
    /// <param name="greeting">How one knows it.</param>
    /// <param name="isLoopbackOnly">Whether nobody outside the container is to reach the port.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> WithListener<T>(this IResourceBuilder<T> builder, int port, Greeting greeting, bool isLoopbackOnly = false)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(greeting);
        if (builder.Resource.Annotations.OfType<ListenerAnnotation>().FirstOrDefault(listener => listener.Port == port) is { } before)
        {
            builder.Resource.Annotations.Remove(before);
        }

        return builder.WithAnnotation(new ListenerAnnotation(port, greeting, isLoopbackOnly));
    }

    /// <summary>The private network of the application; null if it has none.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <returns>The network.</returns>
    public static PrivateNetworkResource? PrivateNetwork(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Resources.OfType<PrivateNetworkResource>().SingleOrDefault();
    }

    /// <summary>Gives a container a name at the engine, so that it can be asked for.</summary>
    internal static IResourceBuilder<T> Named<T>(this IResourceBuilder<T> builder)
        where T : ContainerResource =>
        builder.Resource.Annotations.OfType<ContainerNameAnnotation>().Any()
            ? builder
            : builder.WithContainerName($"{builder.Resource.Name}-{builder.ApplicationBuilder.Instance()}");

    /// <summary>What tells this run's containers and networks from every other's.</summary>
    internal static string Instance(this IDistributedApplicationBuilder builder) =>
        builder.Configuration[InstanceKey] ??= RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>
    /// Asks for ten seconds before it says no. Each question of the engine is a new process inside the container, which costs more than many
    /// of the shell's own and hears later, and every container of the application starts at the same time.
    /// </summary>
    private static string Patiently(string command) => $"for attempt in $(seq 100); do {command} && exit 0; sleep 0.1; done; exit 1";

    internal static IServiceCollection AddEngine(this IDistributedApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ContainerEngine>();
        builder.Services.TryAddSingleton<ContainerHealthFeed>();
        return builder.Services;
    }

    private static IResourceBuilder<T> AddNetwork<T>(this IDistributedApplicationBuilder builder, T network)
        where T : ContainerNetworkResource
    {
        builder.AddEngine().TryAddSingleton<TopologyObserver>();
        builder.Services.TryAddSingleton<TopologyVisitors>();
        if (builder.ExecutionContext.IsRunMode && !builder.Services.Any(service => service.ServiceType == typeof(NetworkLifecycle)))
        {
            builder.Services.AddSingleton<NetworkLifecycle>();
            builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<NetworkLifecycle>());
            builder.Services.AddSingleton<IDistributedApplicationEventingSubscriber>(services => services.GetRequiredService<NetworkLifecycle>());
        }

        return builder.AddResource(network)
            .WithInitialState(new() { ResourceType = Type, State = KnownResourceStates.NotStarted, Properties = [] })
            .WithIconName("VirtualNetwork")
            .ExcludeFromManifest();
    }

    /// <summary>The name under which Aspire looks for its network, with a hash that is this run's own.</summary>
    private static string PrivateEngineName(this IDistributedApplicationBuilder builder)
    {
        var own = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{builder.Configuration[HashKey]}/{builder.Instance()}")));
        builder.Configuration[HashKey] = own;
        return $"aspire-persistent-network-{own[..HashLength].ToLowerInvariant()}-{builder.ApplicationName()}";
    }

    /// <summary>As Aspire shortens it: without its ending, and only what may stand in a name.</summary>
    internal static string ApplicationName(this IDistributedApplicationBuilder builder)
    {
        const string Ending = "AppHost";
        var name = builder.Environment.ApplicationName;
        if (name.Length > Ending.Length && name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^Ending.Length];
            name = name.Length > 1 && name.EndsWith('.') ? name[..^1] : name;
        }

        name = string.Concat(name.Where(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.'));
        return name.Length < NameLength ? name : name[..NameLength];
    }
}
