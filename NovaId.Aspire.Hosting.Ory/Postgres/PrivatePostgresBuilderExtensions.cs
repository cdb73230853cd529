using System.Text;

namespace Aspire.Hosting;

/// <summary>A PostgreSQL server that is reached on its networks alone, with a database and a role for each service.</summary>
public static class PrivatePostgresBuilderExtensions
{
    private const string DataFolder = "/var/lib/postgresql/data";
    private const string ScriptFolder = "/docker-entrypoint-initdb.d";
    private const string AccessFolder = "/etc/postgresql";
    private const string AccessFile = "pg_hba.conf";

    /// <summary>What the image runs. It makes the databases first, and becomes the server then.</summary>
    private const string Program = "docker-entrypoint.sh";

    /// <summary>The server takes the signal, and not what makes its databases: that would end by it.</summary>
    private const string Reload = "kill -s HUP \"$(head -n 1 \"$PGDATA/postmaster.pid\")\"";

    /// <summary>Who may connect, and how: <see href="https://www.postgresql.org/docs/17/auth-pg-hba-conf.html"/>. Without TLS nobody from outside
    /// the container.</summary>
    private const string AccessOverTls = """
        local   all all           scram-sha-256
        host    all all localhost scram-sha-256
        hostssl all all all       scram-sha-256

        """;

    /// <summary>
    /// Adds a server that publishes no port, and whose data ends with it. Aspire's own AddPostgres asks for its health, and makes its
    /// databases, from the host; a private network lets nobody in.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on its networks.</param>
    /// <param name="persistSecrets">Whether the next start finds the same passwords, in the user secrets of the AppHost.</param>
    /// <returns>The server.</returns>
    public static IResourceBuilder<PrivatePostgresServerResource> AddPrivatePostgres(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persistSecrets = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var password = builder.AddGeneratedSecret($"{name}-password", persistSecrets);
        var resource = new PrivatePostgresServerResource(name, password.Resource) { PersistSecrets = persistSecrets };
        return builder.AddResource(resource)
            .WithConnectionStringRedirection(new PrivateAddress(resource))
            .WithImage(PostgresImageTags.Image, PostgresImageTags.Tag)
            .WithImageRegistry(PostgresImageTags.Registry)
            .WithIconName("DatabaseMultiple")
            .WithRestart()
            .RunsAs(PrivatePostgresServerResource.UserId)
            .WritesTo("/var/run/postgresql")
            .Needs(processor: 250, memory: 256, memoryLimit: 1024)
            .Replaceable()
            // The folder of a volume is root's there, and the server wants one that is its own.
            .InCluster(instances: 1, cluster => cluster.Environment["PGDATA"] = $"{DataFolder}/server")
            .WithEnvironment("POSTGRES_PASSWORD", password)
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", $"--auth-host=scram-sha-256 --auth-local=scram-sha-256{(builder.ExecutionContext.IsRunMode ? " --no-sync" : "")}")
            .WithContainerFiles(ScriptFolder, (_, _) => Task.FromResult(Scripts(resource)))
            .WithListener(PrivatePostgresServerResource.InnerPort, Greeting.Postgres)
            // While it makes its databases it listens on its socket alone. What stands on the image's path is a script that looks for this program.
            .WithContainerHealthCheck("/usr/lib/postgresql/$PG_MAJOR/bin/pg_isready --quiet --host 127.0.0.1 --username postgres")
            // In a cluster seven instances of the services have twenty connections each, and three more instances while they are replaced.
            .WithSettings(context => ["max_connections=220", .. context.ExecutionContext.IsRunMode ? SettingsOf(resource) : []]);
    }

    /// <summary>Keeps the server's data for the next start.</summary>
    /// <param name="builder">The server, whose passwords are kept too.</param>
    /// <param name="volume">The volume's name.</param>
    /// <returns>The same server.</returns>
    public static IResourceBuilder<PrivatePostgresServerResource> WithDataVolume(this IResourceBuilder<PrivatePostgresServerResource> builder, string volume)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(volume, DataFolder);
    }

    /// <summary>
    /// Has the server speak TLS, with a certificate for its name, and take nothing else from its networks. The services that are given a
    /// database afterwards know it by that name and by the authority: <c>sslmode=verify-full</c>,
    /// <see href="https://www.postgresql.org/docs/17/libpq-ssl.html"/>.
    /// </summary>
    /// <param name="builder">The server, on which no service has a database yet.</param>
    /// <param name="authority">The authority that signs its certificate.</param>
    /// <returns>The same server.</returns>
    /// <exception cref="DistributedApplicationException">A service has a database already, whose address says that there is no TLS.</exception>
    public static IResourceBuilder<PrivatePostgresServerResource> WithTls(
        this IResourceBuilder<PrivatePostgresServerResource> builder, IResourceBuilder<CertificateAuthorityResource> authority)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        var server = builder.Resource;
        if (server.ServiceDatabases.FirstOrDefault() is { } service)
        {
            throw new DistributedApplicationException($"'{service}' has a database on '{server.Name}' already, and would go on without TLS. Say .WithTls(…) of '{server.Name}' before .WithDatabase(…).");
        }

        server.Authority = authority;
        return builder
            .WithServerCertificate(authority, PrivatePostgresServerResource.UserId, reloadSignal: "HUP")
            .WithCertificateWatch(Program, Reload)
            .WithListener(PrivatePostgresServerResource.InnerPort, Greeting.PostgresWithTls)
            .WithContainerFiles(AccessFolder, (_, _) => Task.FromResult<IEnumerable<ContainerFileSystemItem>>([OryServiceResource.NewFile(AccessFile, AccessOverTls)]))
            .WithSettings(_ =>
            [
                "ssl=on", $"ssl_cert_file={CertificateFiles.Certificate}", $"ssl_key_file={CertificateFiles.Key}", $"hba_file={AccessFolder}/{AccessFile}",
            ]);
    }

    /// <summary>Has a new server run these scripts in place of one that makes a database and a role for each service.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="folder">The folder, from the AppHost's own on. Its scripts find each service's password in <c>{NAME}_DATABASE_PASSWORD</c>.</param>
    /// <returns>The same server.</returns>
    /// <exception cref="DistributedApplicationException">There is no such folder.</exception>
    public static IResourceBuilder<PrivatePostgresServerResource> WithScripts(this IResourceBuilder<PrivatePostgresServerResource> builder, string folder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var path = Path.GetFullPath(folder, builder.ApplicationBuilder.AppHostDirectory);
        builder.Resource.Scripts = Directory.Exists(path)
            ? path
            : throw new DistributedApplicationException($"The folder {path} does not exist, and '{builder.Resource.Name}' reads its scripts there. Restore it, or name another.");
        return builder;
    }

    /// <summary>Adds a database that one service alone reads, as a role of its own.</summary>
    /// <returns>Its address as Ory's services read it (DSN): <see href="https://www.ory.com/docs/self-hosted/deployment"/>. Where the server
    /// speaks TLS, they find its authority's certificate by <c>PGSSLROOTCERT</c>.</returns>
    internal static ReferenceExpression AddDatabaseFor(this IResourceBuilder<PrivatePostgresServerResource> builder, string name)
    {
        builder.Resource.ServiceDatabases.Add(name);
        var password = builder.ApplicationBuilder.AddGeneratedSecret($"{name}-database-password", builder.Resource.PersistSecrets);
        builder.WithEnvironment(PasswordOf(name), password);
        var mode = builder.Resource.Authority is null ? "disable" : "verify-full";
        return ReferenceExpression.Create(
            $"postgres://{name}:{password}@{builder.Resource.Name}:{PrivatePostgresServerResource.Digits}/{name}?sslmode={mode}&max_conns=20&max_idle_conns=20&max_conn_idle_time=5m");
    }

    private static IResourceBuilder<PrivatePostgresServerResource> WithSettings(
        this IResourceBuilder<PrivatePostgresServerResource> builder, Func<CommandLineArgsCallbackContext, string[]> settings) => builder.WithArgs(context =>
        {
            foreach (var setting in settings(context))
            {
                context.Args.Add("-c");
                context.Args.Add(setting);
            }
        });

    private static string PasswordOf(string name) => $"{name.ToUpperInvariant().Replace('-', '_')}_DATABASE_PASSWORD";

    /// <summary>A server whose data ends with the application need not wait for the disk; one that keeps it loses the last moments at
    /// worst, never its consistency. What is published waits for the disk as PostgreSQL does unasked.</summary>
    private static string[] SettingsOf(PrivatePostgresServerResource server) =>
        server.Annotations.OfType<ContainerMountAnnotation>().Any() ? ["synchronous_commit=off"] : ["synchronous_commit=off", "fsync=off", "full_page_writes=off"];

    private static IEnumerable<ContainerFileSystemItem> Scripts(PrivatePostgresServerResource server)
    {
        if (server.Scripts is { } folder)
        {
            return Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => OryServiceResource.NewFile(Path.GetFileName(file), File.ReadAllText(file)));
        }

        // psql takes the passwords from the environment, so that they stand in no file and in no process list.
        var script = new StringBuilder();
        foreach (var name in server.ServiceDatabases)
        {
            script.Append($"""
                \getenv password {PasswordOf(name)}
                CREATE ROLE "{name}" LOGIN PASSWORD :'password';
                CREATE DATABASE "{name}" OWNER "{name}";
                REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC;

                """.ReplaceLineEndings("\n"));
        }

        return [OryServiceResource.NewFile("databases.sql", script.ToString())];
    }
}
