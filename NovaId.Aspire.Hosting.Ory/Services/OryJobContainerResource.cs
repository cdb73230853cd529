namespace Aspire.Hosting.ApplicationModel;

/// <summary>A job where there is no private network, and in what is published: a container that ends.</summary>
/// <param name="name">The name of the resource.</param>
/// <param name="service">The service whose image it is.</param>
public sealed class OryJobContainerResource(string name, OryServiceResource service) : ContainerResource(name), IOryJobResource
{
    /// <summary>The service whose image it is.</summary>
    public OryServiceResource Service { get; } = service;
}
