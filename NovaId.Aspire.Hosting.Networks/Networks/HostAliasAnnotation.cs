namespace Aspire.Hosting.ApplicationModel;

/// <summary>A name by which a container knows this machine, on the edge network's side of it.</summary>
/// <param name="name">The name.</param>
/// <param name="network">The edge network.</param>
public sealed class HostAliasAnnotation(string name, EdgeNetworkResource network) : IResourceAnnotation
{
    /// <summary>The edge network whose side of this machine is meant.</summary>
    public EdgeNetworkResource Network { get; } = network;

    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
