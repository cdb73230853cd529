using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;

namespace NovaId.AppHost.Postgres;

/// <summary>A PostgreSQL server on the private network, with a database and a role for each service.</summary>
public static class PostgresServiceBuilderExtensions
{
    private const string DataFolder = "/var/lib/postgresql/data";

    /// <summary>
    /// Adds a server that publishes no port. Aspire's own AddPostgres asks for its health, and makes its databases, from the host; the
    /// private network lets nobody in.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on the network.</param>
    /// <param name="options">Whether data is kept, and where images come from.</param>
    /// <param name="scripts">The folder of the scripts that make databases and roles in a new server.</param>
    /// <param name="networks">The networks it stands on.</param>
    /// <returns>The server.</returns>
    public static IResourceBuilder<PostgresServerResource> AddPrivatePostgres(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ZoneOptions options,
        string scripts,
        params IResourceBuilder<ContainerNetworkResource>[] networks)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        var password = builder.AddSecret($"{name}-password", options.KeepData);
        var resource = new PrivatePostgresServerResource(name, password.Resource);
        var server = builder.AddResource(resource)
            .WithConnectionStringRedirection(new PrivateAddress(resource))
            .WithImage(PostgresImageTags.Image, PostgresImageTags.Tag)
            .WithImageSource(PostgresImageTags.Registry, options)
            .WithIconName("DatabaseMultiple")
            .WithEnvironment("POSTGRES_PASSWORD", password)
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", $"--auth-host=scram-sha-256 --auth-local=scram-sha-256{(builder.ExecutionContext.IsRunMode ? " --no-sync" : "")}")
            .WithConfigurationFiles("/docker-entrypoint-initdb.d", scripts)
            .OnNetworks(networks)
            .WithListener(PrivatePostgresServerResource.InnerPort, Greeting.Postgres)
            // While it makes its databases it listens on its socket alone. What stands on the image's path is a script that looks for this program.
            .WithContainerHealthCheck("/usr/lib/postgresql/$PG_MAJOR/bin/pg_isready --quiet --host 127.0.0.1 --username postgres")
            .WithCommitDurability(options.KeepData);
        // What is published, the engine's client names after the folder that it stands in.
        return builder.ExecutionContext.IsPublishMode ? server.WithVolume(name, DataFolder)
            : options.KeepData ? server.WithVolume($"{options.Name}-{name}", DataFolder)
            : server;
    }

    /// <summary>Adds a service's own database and role, which the scripts make with the password they find in the environment.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The name of both.</param>
    /// <param name="options">Whether data is kept.</param>
    /// <returns>The database.</returns>
    public static ServiceDatabase AddServiceDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, ZoneOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        var password = builder.ApplicationBuilder.AddSecret($"{name}-database-password", options.KeepData);
        builder.WithEnvironment($"{name.ToUpperInvariant()}_DATABASE_PASSWORD", password);
        return new(name, builder.Resource, password.Resource);
    }

    /// <summary>A server whose data ends with the application need not wait for the disk; one that keeps it loses the last moments at
    /// worst, never its consistency. What is published waits for the disk as PostgreSQL does unasked.</summary>
    private static IResourceBuilder<PostgresServerResource> WithCommitDurability(this IResourceBuilder<PostgresServerResource> builder, bool keepData)
    {
        if (!builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        string[] settings = keepData ? ["synchronous_commit=off"] : ["synchronous_commit=off", "fsync=off", "full_page_writes=off"];
        return builder.WithArgs([.. settings.SelectMany(setting => (string[])["-c", setting])]);
    }
}
