using System.Globalization;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Edge;

namespace NovaId.AppHost.Api;

/// <summary>Adds the API.</summary>
public static class ApiBuilderExtensions
{
    private const string StorageVariable = "Storage__Path";
    private const int DatabasePort = 5432;

    /// <summary>Adds the API, with its documents and its access log.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="name">The name of the resource, and the host name for the gateway.</param>
    /// <param name="clientKey">The private key of its service client.</param>
    /// <returns>The edge.</returns>
    public static ZoneEdge AddApi(this ZoneEdge edge, [ResourceName] string name, IResourceBuilder<ParameterResource> clientKey)
    {
        ArgumentNullException.ThrowIfNull(edge);
        // What it says to everybody, nothing else does.
        var api = edge.Add<Projects.NovaId_Api>(new(name, ZoneOptions.DefaultApiPort, Greeting.Http("/api/public", "\"name\":\"NovaId\""))
        {
            StorageVariable = StorageVariable,
            OwnAddress = "Straight to the API (refuses what the gateway has not signed)",
        })
            .WithEnvironment("Gateway__Issuer", edge.PublicAddress)
            .WithEnvironment("Gateway__ClientKey", clientKey)
            .WithUrl(edge.AddressOf("/api/docs"), "API documentation");
        if (api.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            api.InCluster(ZoneEdge.Instances, cluster => ShareStorage(api.ApplicationBuilder, cluster));
        }

        return edge;
    }

    /// <summary>Several instances share a database and the key that seals the access log, and each admits its part of every limit.</summary>
    private static void ShareStorage(IDistributedApplicationBuilder builder, ClusterAnnotation cluster)
    {
        cluster.KeepsElsewhere = true;
        cluster.Environment[StorageVariable] = null;
        cluster.Environment["Storage__ConnectionString"] = builder.PublishedSecret(
            "api-database",
            "Secret, on one line: Npgsql's connection string for the API's own database, Host=…;Database=novaid_api;Username=novaid_api;Password=…;SSL Mode=VerifyFull");
        cluster.Environment["AccessLog__Key"] = builder.PublishedSecret("access-log-key", "Secret with which the access log is sealed: openssl rand -base64 32", "openssl rand -base64 32");
        cluster.Environment["Limits__Instances"] = cluster.Instances.ToString(CultureInfo.InvariantCulture);
        cluster.Outside["api-database"] = DatabasePort;
    }
}
