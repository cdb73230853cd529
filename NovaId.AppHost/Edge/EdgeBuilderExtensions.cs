using NovaId.AppHost.Configuration;
using NovaId.AppHost.Startup;

namespace NovaId.AppHost.Edge;

/// <summary>Adds the edge of the zone.</summary>
public static class EdgeBuilderExtensions
{
    /// <summary>Adds the edge, with nothing on it yet but the gateway.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="options">What can be chosen about the zone.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="network">The edge network.</param>
    /// <param name="topology">What everything on it waits for.</param>
    /// <returns>The edge, for programs to be added to.</returns>
    public static ZoneEdge AddEdge(
        this IDistributedApplicationBuilder builder,
        ZoneOptions options,
        IResourceBuilder<OathkeeperResource> gateway,
        IResourceBuilder<EdgeNetworkResource> network,
        IResourceBuilder<TopologyResource> topology)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(gateway);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(topology);
        // What an application left that was killed is gone by then, and with it a gateway that the engine started again.
        network.Resource.WhenCreated(_ => PortCheck.EnsureFree(options.GatewayPort, "Zone:GatewayPort"));
        return new ZoneEdge(builder, options, gateway, network, topology);
    }
}
