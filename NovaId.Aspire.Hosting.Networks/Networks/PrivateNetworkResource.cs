namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// The network that nothing leaves and nobody reaches, not even this machine. It stands in the place of Aspire's own network, made
/// beforehand and taken by it as it is, so that containers are on it from their first moment.
/// </summary>
/// <param name="name">The name of the resource.</param>
/// <param name="engineName">The name under which Aspire looks for its network.</param>
public sealed class PrivateNetworkResource(string name, string engineName) : ContainerNetworkResource(name, engineName)
{
    /// <inheritdoc/>
    public override bool IsInternal => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options(bool canIsolate) =>
        canIsolate ? new Dictionary<string, string> { ["com.docker.network.bridge.gateway_mode_ipv4"] = "isolated" } : new();
}
