namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// The networks of this application as one thing to wait for: healthy while what the engine shows is what the model declares, and begun
/// only when the containers it waits for are there to be looked at.
/// </summary>
/// <param name="name">The name of the resource.</param>
public sealed class TopologyResource(string name) : Resource(name), IResourceWithWaitSupport;
