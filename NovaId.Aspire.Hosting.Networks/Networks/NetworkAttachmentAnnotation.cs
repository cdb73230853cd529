namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says that a container is to stand on a network.</summary>
/// <param name="network">The network.</param>
public sealed class NetworkAttachmentAnnotation(ContainerNetworkResource network) : IResourceAnnotation
{
    /// <summary>The network.</summary>
    public ContainerNetworkResource Network { get; } = network;
}
