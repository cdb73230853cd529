namespace NovaId.AppHost.Networks;

/// <summary>A container of the model and where it is to stand.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="ContainerName">The container's name at the engine.</param>
/// <param name="Networks">The engine's names of the networks that it is to stand on.</param>
internal sealed record NetworkMember(IResource Resource, string ContainerName, IReadOnlySet<string> Networks)
{
    /// <summary>Every container of the model that stands on a network.</summary>
    public static IReadOnlyList<NetworkMember> All(DistributedApplicationModel model) =>
        [.. from resource in model.Resources
            let networks = resource.Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network.EngineName).ToHashSet()
            where networks.Count > 0
            select new NetworkMember(resource, resource.Annotations.OfType<ContainerNameAnnotation>().Last().Name, networks)];
}
