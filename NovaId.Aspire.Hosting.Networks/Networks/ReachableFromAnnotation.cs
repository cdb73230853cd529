namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says that a program on this machine is there for the containers of a network.</summary>
/// <param name="network">The network.</param>
public sealed class ReachableFromAnnotation(EdgeNetworkResource network) : IResourceAnnotation
{
    /// <summary>The network.</summary>
    public EdgeNetworkResource Network { get; } = network;
}
