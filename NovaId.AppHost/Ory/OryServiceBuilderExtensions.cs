using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Postgres;

namespace NovaId.AppHost.Ory;

/// <summary>What Ory's four services have in common.</summary>
internal static class OryServiceBuilderExtensions
{
    public static IResourceBuilder<T> AddOryService<T>(
        this IDistributedApplicationBuilder builder, T resource, ZoneOptions options, IResourceBuilder<ContainerNetworkResource>[] networks)
        where T : OryServiceResource =>
        builder.AddResource(resource)
            .WithImage(resource.Image, OryImageTags.Tag)
            .WithImageSource(OryImageTags.Registry, options)
            // They report to Ory unless told not to.
            .WithEnvironment("SQA_OPT_OUT", "true")
            .OnNetworks(networks);

    /// <summary>Gives a service its configuration folder; the file of its own name is the configuration.</summary>
    public static IResourceBuilder<T> WithServiceConfiguration<T>(this IResourceBuilder<T> builder, string folder, string service)
        where T : ContainerResource =>
        builder.WithConfigurationFiles($"{OryServiceResource.ConfigurationFolder}/{service}", Path.Combine(folder, service));

    public static string ConfigurationOf(string service) => $"{OryServiceResource.ConfigurationFolder}/{service}/{service}.yml";

    /// <summary>
    /// Gives a service its database, and brings that up to date first in a container of its own, which ends when that is done. The
    /// migrations of the services run side by side.
    /// </summary>
    public static IResourceBuilder<T> WithDatabase<T>(
        this IResourceBuilder<T> builder,
        ServiceDatabase database,
        ZoneOptions options,
        IResourceBuilder<ContainerNetworkResource> network,
        Action<IResourceBuilder<ContainerResource>> configure,
        params string[] migrate)
        where T : OryServiceResource
    {
        var migration = builder.ApplicationBuilder
            .AddContainer($"{builder.Resource.Name}-migrate", builder.Resource.Image, OryImageTags.Tag)
            .WithImageSource(OryImageTags.Registry, options)
            .WithIconName("ArrowUp")
            .WithEnvironment("SQA_OPT_OUT", "true")
            .WithEnvironment("DSN", database.Dsn)
            .WithArgs([.. migrate, "-c", ConfigurationOf(builder.Resource.Name)])
            .OnNetworks(network)
            .WithParentRelationship(builder);
        configure(migration);
        migration.WaitFor(builder.ApplicationBuilder.CreateResourceBuilder(database.Server));
        return builder.WithEnvironment("DSN", database.Dsn).WaitForCompletion(migration);
    }
}
