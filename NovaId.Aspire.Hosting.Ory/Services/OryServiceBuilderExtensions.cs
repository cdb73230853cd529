using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>What Ory's services have in common.</summary>
public static class OryServiceBuilderExtensions
{
    private const string AuthorityVariable = "AUTHORITY_CERTIFICATE";
    private const string JobAuthorityFile = "/tmp/ca.crt";
    private const string TrustingJob = $"printf '%s\\n' \"${AuthorityVariable}\" > {JobAuthorityFile} && exec \"$@\"";

    /// <summary>What Ory's services say of themselves.</summary>
    internal static readonly Greeting Alive = Greeting.Http("/health/alive", """^\{"status":"ok"\}""");

    /// <summary>Gives a service its configuration in place of the least with which it runs. It finds every file of the folder in
    /// <c>/etc/ory/{program}</c>, and reads <c>{program}.yml</c>.</summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="folder">The folder, from the AppHost's own on.</param>
    /// <returns>The same service.</returns>
    /// <exception cref="DistributedApplicationException">There is no such folder, or the file is not in it.</exception>
    public static IResourceBuilder<T> WithConfiguration<T>(this IResourceBuilder<T> builder, string folder)
        where T : OryServiceResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.GetFullPath(folder, builder.ApplicationBuilder.AppHostDirectory);
        builder.Resource.Source = !Directory.Exists(path)
            ? throw new DistributedApplicationException($"The folder {path} does not exist, and '{builder.Resource.Name}' reads its configuration there. Restore it, or name another.")
            : !File.Exists(Path.Combine(path, builder.Resource.File))
            ? throw new DistributedApplicationException($"The folder {path} has no {builder.Resource.File}, which '{builder.Resource.Name}' reads first. Put it there, or name another folder.")
            : path;
        return builder;
    }

    /// <summary>
    /// Gives a service a database of its own, and brings that up to date first in a container of its own, which ends when that is done. The
    /// migrations of several services run side by side.
    /// </summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="server">The server, on which database and role have the service's name.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> WithDatabase<T>(this IResourceBuilder<T> builder, IResourceBuilder<PrivatePostgresServerResource> server)
        where T : OryDatabaseServiceResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(server);
        var service = builder.Resource;
        var dsn = server.AddDatabaseFor(service.Name);
        if (server.Resource.Authority is { } authority)
        {
            builder.WithTrust(authority);
        }

        builder.WithEnvironment("DSN", dsn);
        if (!builder.RunsJobsItself())
        {
            return builder.WaitForCompletion(Migration(service.Migrate).WaitFor(server).DoneWhen(service.MigrationStatus));
        }

        var isMigrated = false;
        var migration = Migration(MigrationGate.ForMigration(
            service.Migrate, server.Resource.Name, PrivatePostgresServerResource.InnerPort, service.Name, service.Port));
        builder.ApplicationBuilder.Eventing.Subscribe<ResourceStoppedEvent>(migration.Resource, (stopped, _) =>
        {
            isMigrated |= stopped.ResourceEvent.Snapshot.ExitCode == 0;
            return Task.CompletedTask;
        });
        // They wait inside: no container is to be made while everything else already waits for it.
        migration.WaitForStart(builder);
        var (entrypoint, arguments) = MigrationGate.ForService(service.Program);
        return builder
            .WaitForStart(server)
            .WithEntrypoint(entrypoint)
            .WithArgs(context =>
            {
                for (var i = 0; i < arguments.Length; i++)
                {
                    context.Args.Insert(i, arguments[i]);
                }
            })
            .WithEnvironment(context =>
            {
                if (isMigrated)
                {
                    context.EnvironmentVariables[MigrationGate.Migrated] = "true";
                }
            });

        IResourceBuilder<IOryJobResource> Migration(string[] command) =>
            builder.AddJob($"{service.Name}-migrate", command).WithIconName("ArrowUp").WithEnvironment("DSN", dsn);
    }

    /// <summary>Has a service take for true what the authority signed, and nothing else. Jobs that are added to it afterwards do likewise.</summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="authority">The authority.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> WithTrust<T>(this IResourceBuilder<T> builder, IResourceBuilder<CertificateAuthorityResource> authority)
        where T : OryServiceResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        builder.Resource.Authority = authority;
        return builder.WithTrustIn(authority);
    }

    /// <summary>Has a service call somebody by <c>https</c> whom its configuration calls by <c>http</c>, and who is no resource of the application. Of
    /// resources the model says it.</summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="host">The host, as the configuration calls it.</param>
    /// <param name="port">The port.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> CallsOverTls<T>(this IResourceBuilder<T> builder, string host, int port)
        where T : OryServiceResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        builder.Resource.FurtherOverTls.Add(FormattableString.Invariant($"{host}:{port}"));
        return builder;
    }

    /// <summary>Adds a container of a service's image, which ends when it has done what it is told. It stands on the private network, if the
    /// application has one.</summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="service">The service, under which it is shown.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="command">What it is told: a program of the image and its arguments.</param>
    /// <returns>The job.</returns>
    public static IResourceBuilder<IOryJobResource> AddJob<T>(this IResourceBuilder<T> service, [ResourceName] string name, params string[] command)
        where T : OryServiceResource
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(command);
        var builder = service.ApplicationBuilder;
        var authority = service.Resource.Authority;
        IResourceBuilder<IOryJobResource> job = !service.RunsJobsItself() ? Contain() : authority is null ? Run() : RunTrusting();
        return job.WithEnvironment("SQA_OPT_OUT", "true").WithParentRelationship(service);

        IResourceBuilder<OryJobResource> Run() => builder.AddEngineRun(
            (name, program, folder) => new OryJobResource(name, program, folder, service.Resource),
            name,
            () => service.Resource.TryGetContainerImageName(out var image) ? image : service.Resource.Image,
            builder.PrivateNetwork()!,
            () => [.. PullPolicyOf(service.Resource), "--entrypoint", command[0]],
            command[1..]);

        // Nobody puts files into a container that its client runs: it writes down whom it trusts itself, in its temporary folder.
        IResourceBuilder<OryJobResource> RunTrusting()
        {
            command = ["sh", "-c", TrustingJob, "job", .. command];
            return Run()
                .WithEnvironment(context => context.EnvironmentVariables[AuthorityVariable] = authority.Resource.Authority.CertificatePem)
                .WithEnvironment("SSL_CERT_FILE", JobAuthorityFile)
                .WithEnvironment("SSL_CERT_DIR", "/nonexistent")
                .WithEnvironment("PGSSLROOTCERT", JobAuthorityFile);
        }

        IResourceBuilder<OryJobContainerResource> Contain()
        {
            var job = builder.AddResource(new OryJobContainerResource(name, service.Resource))
                .WithImage(service.Resource.Image, OryImageTags.Tag)
                .WithImageRegistry(OryImageTags.Registry)
                .WithEntrypoint(command[0])
                .WithArgs(command[1..])
                .RunsAs(service.Resource.UserId);
            if (authority is not null)
            {
                job.WithTrustIn(authority);
            }

            return builder.PrivateNetwork() is { } network ? job.OnNetworks(builder.CreateResourceBuilder(network)) : job;
        }
    }

    /// <summary>What every service does alike.</summary>
    internal static IResourceBuilder<T> AddOryService<T>(this IDistributedApplicationBuilder builder, T resource)
        where T : OryServiceResource =>
        builder.AddResource(resource)
            .WithImage(resource.Image, OryImageTags.Tag)
            .WithImageRegistry(OryImageTags.Registry)
            .WithArgs([.. resource.Serve, "-c", $"{resource.Folder}/{resource.File}", .. resource.OnceOptions])
            .WithRestart()
            .RunsAs(resource.UserId)
            .InCluster(instances: 2, cluster =>
            {
                cluster.LeftOut.UnionWith(resource.OnceOptions);
                foreach (var argument in resource.Once is { Length: > 0 } once ? (string[])[.. once, "-c", $"{resource.Folder}/{resource.File}"] : [])
                {
                    cluster.OnceArguments.Add(argument);
                }
            })
            // They report to Ory unless told not to.
            .WithEnvironment("SQA_OPT_OUT", "true")
            .WithContainerFiles(resource.Folder, (context, _) => Task.FromResult<IEnumerable<ContainerFileSystemItem>>(
                resource.Source is { } source
                    ? resource.AddressedFilesOf(source, context.Services.GetRequiredService<DistributedApplicationModel>())
                    : resource.DefaultFiles));

    /// <summary>Has a service speak TLS on the ports that others reach, with a certificate for its name, and trust its authority.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="authority">The authority.</param>
    /// <param name="keys">The keys of its configuration that hold <c>cert</c> and <c>key</c>, as variables. It reads the files again when they change.</param>
    internal static IResourceBuilder<T> SpeakTls<T>(this IResourceBuilder<T> builder, IResourceBuilder<CertificateAuthorityResource> authority, params string[] keys)
        where T : OryServiceResource
    {
        builder.WithServerCertificate(authority, builder.Resource.UserId).WithTrust(authority);
        foreach (var key in keys)
        {
            builder.WithEnvironment($"{key}_CERT_PATH", CertificateFiles.Certificate).WithEnvironment($"{key}_KEY_PATH", CertificateFiles.Key);
        }

        foreach (var listener in builder.Resource.Annotations.OfType<ListenerAnnotation>().Where(listener => !listener.IsLoopbackOnly).ToArray())
        {
            builder.WithListener(listener.Port, listener.Greeting.OverTls());
        }

        // It asks itself by an address of which the certificate says nothing, and does not leave the container for it.
        var health = builder.Resource.Annotations.OfType<HealthCommandAnnotation>().Last().Command;
        return builder.WithContainerHealthCheck(health
            .Replace("wget -q", "wget -q --no-check-certificate", StringComparison.Ordinal)
            .Replace("http://127.0.0.1", "https://127.0.0.1", StringComparison.Ordinal));
    }

    /// <summary>Gives a service generated secrets, each under the name of its variable: <c>SECRETS_COOKIE</c> is <c>{name}-cookie-secret</c>.</summary>
    internal static IResourceBuilder<T> WithSecrets<T>(this IResourceBuilder<T> builder, bool persist, params string[] kinds)
        where T : OryDatabaseServiceResource
    {
        foreach (var kind in kinds)
        {
            builder.WithEnvironment($"SECRETS_{kind.ToUpperInvariant()}", builder.ApplicationBuilder.AddGeneratedSecret($"{builder.Resource.Name}-{kind}-secret", persist));
        }

        // Where nobody gives a database, what it knows ends with it.
        return builder.WithEnvironment(context => context.EnvironmentVariables.TryAdd("DSN", "memory"));
    }

    /// <summary>Whether jobs are run by the engine's client on the private network.</summary>
    internal static bool RunsJobsItself<T>(this IResourceBuilder<T> builder)
        where T : OryServiceResource =>
        builder.ApplicationBuilder.ExecutionContext.IsRunMode && builder.ApplicationBuilder.PrivateNetwork() is not null;

    private static string[] PullPolicyOf(OryServiceResource service) =>
        service.Annotations.OfType<ContainerImagePullPolicyAnnotation>().LastOrDefault() is { ImagePullPolicy: not ImagePullPolicy.Default } policy
            ? ["--pull", policy.ImagePullPolicy.ToString().ToLowerInvariant()]
            : [];
}
