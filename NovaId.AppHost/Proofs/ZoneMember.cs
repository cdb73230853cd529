using NovaId.AppHost.Networks;

namespace NovaId.AppHost.Proofs;

/// <summary>A container or program of the zone, as the model declares it.</summary>
/// <param name="Name">The resource's name, which is its host name.</param>
/// <param name="ContainerName">The container's name at the engine; null for a program on this machine.</param>
/// <param name="Networks">The engine's names of the networks that it stands on, or that reach it.</param>
/// <param name="Listeners">The ports on which it listens.</param>
/// <param name="Aliases">The names under which it knows this machine.</param>
/// <param name="Published">The ports by which this machine's loopback address leads to it, and where to.</param>
internal sealed record ZoneMember(
    string Name,
    string? ContainerName,
    IReadOnlySet<string> Networks,
    IReadOnlyList<ListenerAnnotation> Listeners,
    IReadOnlySet<string> Aliases,
    IReadOnlyList<PublishedPort> Published)
{
    /// <summary>Every member of the model. What listens nowhere runs once and ends; it is looked from, never looked for.</summary>
    public static IReadOnlyList<ZoneMember> All(DistributedApplicationModel model) =>
    [
        .. NetworkMember.All(model).Select(member => new ZoneMember(
            member.Resource.Name,
            member.ContainerName,
            member.Networks,
            ListenersOf(member.Resource),
            member.Resource.Annotations.OfType<HostAliasAnnotation>().Select(alias => alias.Name).ToHashSet(),
            [.. PublishedBy(member.Resource)])),
        .. from resource in model.Resources
           let networks = resource.Annotations.OfType<ReachableFromAnnotation>().Select(reachable => reachable.Network.EngineName).ToHashSet()
           where networks.Count > 0
           select new ZoneMember(resource.Name, ContainerName: null, networks, ListenersOf(resource), new HashSet<string>(), []),
    ];

    private static ListenerAnnotation[] ListenersOf(IResource resource) => [.. resource.Annotations.OfType<ListenerAnnotation>()];

    private static IEnumerable<PublishedPort> PublishedBy(IResource resource) =>
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        let port = endpoint.AllocatedEndpoint?.Port ?? endpoint.Port
        where port is not null && endpoint.TargetPort is not null
        select new PublishedPort(port.Value, endpoint.TargetPort!.Value);
}
