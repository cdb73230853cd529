using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Postgres;
using NovaId.AppHost.Startup;

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
    /// migrations of the services run side by side. They need no configuration but where the database is.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="database">Its database.</param>
    /// <param name="options">Where images come from.</param>
    /// <param name="network">The network that both stand on.</param>
    /// <param name="port">A port that the service opens.</param>
    /// <param name="migrate">What brings the database up to date: a program of the image and its arguments.</param>
    public static IResourceBuilder<T> WithDatabase<T>(
        this IResourceBuilder<T> builder,
        ServiceDatabase database,
        ZoneOptions options,
        IResourceBuilder<PrivateNetworkResource> network,
        int port,
        params string[] migrate)
        where T : OryServiceResource
    {
        var name = $"{builder.Resource.Name}-migrate";
        var server = builder.ApplicationBuilder.CreateResourceBuilder(database.Server);
        builder.WithEnvironment("DSN", database.Dsn);
        if (!builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder.WaitForCompletion(Migration(migrate).WaitFor(server));
        }

        var isMigrated = false;
        var migration = Migration(MigrationGate.ForMigration(
            migrate, database.Server.Name, PrivatePostgresServerResource.InnerPort, builder.Resource.Name, port));
        builder.ApplicationBuilder.Eventing.Subscribe<ResourceStoppedEvent>(migration.Resource, (stopped, _) =>
        {
            isMigrated |= stopped.ResourceEvent.Snapshot.ExitCode == 0;
            return Task.CompletedTask;
        });
        server.MadeBefore(builder);
        builder.MadeBefore(migration);
        var (entrypoint, arguments) = MigrationGate.ForService(builder.Resource.Program);
        return builder
            .WithEntrypoint(entrypoint)
            .WithArgs([.. arguments])
            // A shell that waits as a container's first process cannot be stopped.
            .WithContainerRuntimeArgs("--init")
            .WithEnvironment(context =>
            {
                if (isMigrated)
                {
                    context.EnvironmentVariables[MigrationGate.Migrated] = "true";
                }
            });

        IResourceBuilder<IOryJobResource> Migration(string[] command) =>
            builder.AddJob(name, options, network, command).WithIconName("ArrowUp").WithEnvironment("DSN", database.Dsn);
    }
}
