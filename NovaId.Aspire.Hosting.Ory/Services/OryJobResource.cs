namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A job on the private network while the application runs. Aspire would go on connecting a container that has ended to its network, again
/// and again while everything else starts, so that this one is the engine's client, which runs it and ends with it.
/// </summary>
/// <param name="name">The name of the resource.</param>
/// <param name="program">The engine's client.</param>
/// <param name="workingDirectory">Where it runs.</param>
/// <param name="service">The service whose image it is.</param>
public sealed class OryJobResource(string name, string program, string workingDirectory, OryServiceResource service)
    : ExecutableResource(name, program, workingDirectory), IOryJobResource
{
    /// <summary>The image with its registry and its tag.</summary>
    public string Image => service.TryGetContainerImageName(out var image) ? image : service.Image;
}
