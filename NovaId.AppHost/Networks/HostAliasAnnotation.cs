namespace NovaId.AppHost.Networks;

/// <summary>Says that a container knows this machine under a name of its own.</summary>
/// <param name="name">The name.</param>
/// <param name="network">The network on whose side of the machine that is.</param>
public sealed class HostAliasAnnotation(string name, EdgeNetworkResource network) : IResourceAnnotation
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The network on whose side of the machine that is.</summary>
    public EdgeNetworkResource Network { get; } = network;
}
