namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A network that others stand on. Its containers reach one another and this machine, not the internet; a port published from
/// it is open on the loopback address only.
/// </summary>
/// <param name="name">The name of the resource.</param>
/// <param name="engineName">The network's name at the container engine.</param>
public sealed class EdgeNetworkResource(string name, string engineName) : ContainerNetworkResource(name, engineName)
{
    private readonly List<Action<EdgeNetworkResource>> _whenCreated = [];

    /// <inheritdoc/>
    public override bool IsInternal => false;

    /// <summary>What a program on this machine listens on, so that the containers of the network reach it. Known before anything starts.</summary>
    public string HostBinding { get; private set; } = "127.0.0.1";

    /// <summary>The address by which the containers of the network reach this machine. Known before anything starts.</summary>
    public string HostAddress { get; private set; } = "host-gateway";

    /// <summary>The bridge's address, where it is an interface of this machine.</summary>
    internal string? BridgeAddress => HostBinding == HostAddress ? HostAddress : null;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options(bool canIsolate) => new Dictionary<string, string>
    {
        ["com.docker.network.bridge.enable_ip_masquerade"] = "false",
        ["com.docker.network.bridge.host_binding_ipv4"] = "127.0.0.1",
    };

    /// <summary>Does something as soon as the network is there, before anything starts.</summary>
    /// <param name="action">What is done, given this network.</param>
    public void WhenCreated(Action<EdgeNetworkResource> action) => _whenCreated.Add(action);

    /// <summary>
    /// Where the bridge is an interface of this machine, its address is the one way between the two. Where the engine runs in a virtual
    /// machine it is not, and the engine forwards <c>host-gateway</c> to this machine's loopback address.
    /// </summary>
    internal void Created(string bridgeAddress, bool isOfThisMachine)
    {
        if (isOfThisMachine)
        {
            HostBinding = HostAddress = bridgeAddress;
        }

        foreach (var action in _whenCreated)
        {
            action(this);
        }
    }
}
