namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A container on the edge network alone. Aspire puts every container of its own on the private network, so that this one is the engine's
/// client, which runs it and ends with it.
/// </summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
/// <param name="program">The engine's client.</param>
/// <param name="workingDirectory">Where it runs.</param>
public sealed class EdgeContainerResource(string name, string program, string workingDirectory) : ExecutableResource(name, program, workingDirectory);
