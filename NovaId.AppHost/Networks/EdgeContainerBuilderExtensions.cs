using NovaId.AppHost.Engine;

namespace NovaId.AppHost.Networks;

/// <summary>Adds containers that stand on the edge network alone.</summary>
public static class EdgeContainerBuilderExtensions
{
    /// <summary>Adds a container on the edge network, and on no other. It may write nothing but its volume and a temporary folder.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on the network.</param>
    /// <param name="image">The image; it is not pulled.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">More options of <c>docker run</c>.</param>
    /// <returns>The container.</returns>
    public static IResourceBuilder<EdgeContainerResource> AddEdgeContainer(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string image,
        IResourceBuilder<EdgeNetworkResource> network,
        params string[] options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(network);
        var container = $"{name}-{builder.Instance()}";
        var resource = new EdgeContainerResource(name, new ContainerEngine(builder.Configuration).Program, builder.AppHostDirectory);
        return builder.AddResource(resource)
            .WithAnnotation(new ContainerNameAnnotation { Name = container })
            .WithAnnotation(new NetworkAttachmentAnnotation(network.Resource))
            .WithArgs(async context =>
            {
                foreach (var argument in (string[])["run", "--rm", "--init", "--name", container, "--pull", "never",
                    "--network", $"name={network.Resource.EngineName},alias={name}",
                    "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", .. NameServer.Options, .. options])
                {
                    context.Args.Add(argument);
                }

                foreach (var alias in resource.Annotations.OfType<HostAliasAnnotation>())
                {
                    context.Args.Add("--add-host");
                    context.Args.Add($"{alias.Name}:{network.Resource.HostAddress}");
                }

                // By name alone: the client passes on what it finds in its own environment, and no value stands in a process list.
                foreach (var variable in await VariablesAsync(resource, context))
                {
                    context.Args.Add("--env");
                    context.Args.Add(variable);
                }

                context.Args.Add(image);
            });
    }

    /// <summary>Gives the container a name for this machine.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The name.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<EdgeContainerResource> WithHostAlias(this IResourceBuilder<EdgeContainerResource> builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new HostAliasAnnotation(name));
    }

    private static async Task<IReadOnlyList<string>> VariablesAsync(EdgeContainerResource resource, CommandLineArgsCallbackContext context)
    {
        var variables = new Dictionary<string, object>();
        var environment = new EnvironmentCallbackContext(context.ExecutionContext, resource, variables, context.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(environment);
        }

        return [.. variables.Keys.Order(StringComparer.Ordinal)];
    }
}
