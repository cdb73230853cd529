using NovaId.AppHost.Configuration;
using NovaId.AppHost.Edge;

namespace NovaId.AppHost.Api;

/// <summary>Adds the API.</summary>
public static class ApiBuilderExtensions
{
    /// <summary>Adds the API, with its documents and its access log.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="name">The name of the resource, and the host name for the gateway.</param>
    /// <param name="clientSecret">The secret of its service client.</param>
    /// <returns>The edge.</returns>
    public static ZoneEdge AddApi(this ZoneEdge edge, [ResourceName] string name, IResourceBuilder<ParameterResource> clientSecret)
    {
        ArgumentNullException.ThrowIfNull(edge);
        // What it says to everybody, nothing else does.
        edge.Add<Projects.NovaId_Api>(new(name, ZoneOptions.DefaultApiPort, Greeting.Http("/api/public", "\"name\":\"NovaId\""))
        {
            StorageVariable = "Storage__Path",
            OwnAddress = "Straight to the API (refuses what the gateway has not signed)",
        })
            .WithEnvironment("Gateway__Issuer", edge.PublicAddress)
            .WithEnvironment("Gateway__ClientSecret", clientSecret)
            .WithUrl(edge.AddressOf("/api/docs"), "API documentation");
        return edge;
    }
}
