namespace Aspire.Hosting.Networks;

/// <summary>A container or program of the model and where it is to stand.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="ContainerName">The container's name at the engine; null for a program on this machine.</param>
/// <param name="Networks">The engine's names of the networks that it is to stand on, or that reach it.</param>
internal sealed record NetworkMember(IResource Resource, string? ContainerName, IReadOnlySet<string> Networks)
{
    /// <summary>The resource's name, which is its host name.</summary>
    public string Name => Resource.Name;

    /// <summary>The ports on which it listens. What listens nowhere runs once and ends; it is looked from, never looked for.</summary>
    public IReadOnlyList<ListenerAnnotation> Listeners { get; } = [.. Resource.Annotations.OfType<ListenerAnnotation>()];

    /// <summary>The names under which it knows this machine.</summary>
    public IReadOnlySet<string> Aliases { get; } = Resource.Annotations.OfType<HostAliasAnnotation>().Select(alias => alias.Name).ToHashSet();

    /// <summary>The ports by which this machine's loopback address leads to it, and where to.</summary>
    public IEnumerable<(int Port, int TargetPort)> Published =>
        from endpoint in ContainerName is null ? [] : Resource.Annotations.OfType<EndpointAnnotation>()
        let port = endpoint.AllocatedEndpoint?.Port ?? endpoint.Port
        where port is not null && endpoint.TargetPort is not null
        select (port.Value, endpoint.TargetPort!.Value);

    /// <summary>Everything of the model that stands on a network, and the programs that a network reaches.</summary>
    public static IReadOnlyList<NetworkMember> All(DistributedApplicationModel model) =>
    [
        .. from resource in model.Resources
           let networks = resource.Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network.EngineName).ToHashSet()
           where networks.Count > 0
           select new NetworkMember(resource, resource.Annotations.OfType<ContainerNameAnnotation>().Last().Name, networks),
        .. from resource in model.Resources
           let networks = resource.Annotations.OfType<ReachableFromAnnotation>().Select(reachable => reachable.Network.EngineName).ToHashSet()
           where networks.Count > 0
           select new NetworkMember(resource, ContainerName: null, networks),
    ];
}
