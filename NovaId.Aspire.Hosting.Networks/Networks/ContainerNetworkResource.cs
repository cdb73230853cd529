namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A network of containers that this application makes before anything starts and removes at its end. Aspire itself attaches every
/// container to one network of its own.
/// </summary>
/// <param name="name">The name of the resource; lower case, because the engine's client writes it so.</param>
/// <param name="engineName">The network's name at the container engine; another one for each run.</param>
public abstract class ContainerNetworkResource(string name, string engineName) : Resource(name)
{
    /// <summary>The network's name at the container engine; another one for each run.</summary>
    public string EngineName { get; } = engineName;

    /// <summary>Whether the network has no way out: nothing in it reaches anything outside, and no port of it is published.</summary>
    public abstract bool IsInternal { get; }

    /// <summary>The driver's options: <see href="https://docs.docker.com/engine/network/drivers/bridge/#options"/>.</summary>
    /// <param name="canIsolate">Whether the engine keeps the host out of a network.</param>
    /// <returns>Their names and values.</returns>
    public abstract IReadOnlyDictionary<string, string> Options(bool canIsolate);
}
