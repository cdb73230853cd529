namespace NovaId.AppHost.Ory;

/// <summary>A job in what is published: a service that ends.</summary>
/// <param name="name">The name of the resource.</param>
public sealed class PublishedOryJobResource(string name) : ContainerResource(name), IOryJobResource;
