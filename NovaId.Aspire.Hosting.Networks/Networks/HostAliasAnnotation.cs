namespace Aspire.Hosting.ApplicationModel;

/// <summary>A name by which a container knows this machine, on the edge network's side of it.</summary>
/// <param name="name">The name.</param>
public sealed class HostAliasAnnotation(string name) : IResourceAnnotation
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
