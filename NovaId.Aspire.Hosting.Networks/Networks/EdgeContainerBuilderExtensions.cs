namespace Aspire.Hosting;

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
        return builder.AddEngineRun(
            static (name, program, folder) => new EdgeContainerResource(name, program, folder),
            name, () => image, network.Resource, () => ["--pull", "never", .. options], command: []);
    }

    /// <summary>Gives the container a name for this machine, on the edge network's side of it.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The name.</param>
    /// <param name="network">The edge network; the container need not stand on it.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<EdgeContainerResource> WithHostAlias(
        this IResourceBuilder<EdgeContainerResource> builder, string name, IResourceBuilder<EdgeNetworkResource> network)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(network);
        return builder.WithAnnotation(new HostAliasAnnotation(name, network.Resource));
    }
}
