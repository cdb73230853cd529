using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>TLS between the containers of an application, with an authority of its own.</summary>
public static class CertificateBuilderExtensions
{
    /// <summary>Nobody keeps certificates there.</summary>
    private const string Nowhere = "/nonexistent";

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Adds an authority that signs the certificates of the application's servers, and replaces each while its server runs, when a
    /// third of its time is left. Its key stays in this process, or in the folder that keeps it, with mode 600.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="folder">The folder that keeps it for the next start; null where it ends with the application.</param>
    /// <returns>The authority.</returns>
    public static IResourceBuilder<CertificateAuthorityResource> AddCertificateAuthority(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ExecutionContext.IsRunMode && !builder.Services.Any(service => service.ImplementationType == typeof(CertificateRenewal)))
        {
            builder.AddEngine().AddSingleton<IHostedService, CertificateRenewal>();
        }

        return builder.AddResource(new CertificateAuthorityResource(name, folder))
            .WithInitialState(new() { ResourceType = "CertificateAuthority", State = KnownResourceStates.Running, Properties = [] })
            .WithIconName("Certificate")
            .ExcludeFromManifest();
    }

    /// <summary>Says how long a server's certificate counts; three days if nothing is said.</summary>
    /// <param name="builder">The authority.</param>
    /// <param name="lifetime">From one minute to 30 days.</param>
    /// <returns>The same authority.</returns>
    public static IResourceBuilder<CertificateAuthorityResource> WithCertificateLifetime(
        this IResourceBuilder<CertificateAuthorityResource> builder, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, CertificateAuthority.LastDays);
        builder.Resource.CertificateLifetime = lifetime;
        return builder;
    }

    /// <summary>Gives a container a certificate for the names by which it is called, with its key and the authority's certificate:
    /// <see cref="CertificateFiles"/>.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="authority">The authority.</param>
    /// <param name="owner">The numeric id of the user who alone reads the key.</param>
    /// <param name="reloadSignal">The signal at which its program reads the files again, such as <c>HUP</c>; null where it notices by itself.</param>
    /// <param name="names">The names; the resource's own if none is said.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithServerCertificate<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<CertificateAuthorityResource> authority, int owner, string? reloadSignal = null, params string[] names)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        var files = builder.FilesOf(authority.Resource);
        files.Names = names is { Length: > 0 } ? names : [builder.Resource.Name];
        files.Owner = owner;
        files.ReloadSignal = reloadSignal;
        return builder;
    }

    /// <summary>Says that a container's program reads its certificate when it starts and never again. Its certificate counts for 30 days, or as long
    /// as the authority does; when a third of that is left it is replaced, and the container is started again.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container, which has a certificate.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithRestartForCertificate<T>(this IResourceBuilder<T> builder)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Certificate().IsReadOnce = true;
        return builder;
    }

    /// <summary>Has a container's server be called by one more name, which whoever deploys what is published says.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container, which has a certificate.</param>
    /// <param name="name">The name.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithPublishedCertificateName<T>(this IResourceBuilder<T> builder, ReferenceExpression name)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        builder.Certificate().FurtherNames.Add(name);
        return builder;
    }

    /// <summary>Says how a container's program comes to its next certificate in what is published, where nobody sends it a signal: a shell in front
    /// of it looks for one every ten seconds.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container, which has a certificate, and whose image has a shell.</param>
    /// <param name="program">The program that the image runs unless it is told otherwise.</param>
    /// <param name="reload">What the shell runs to have the program read its files again; null where it starts the program again.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithCertificateWatch<T>(this IResourceBuilder<T> builder, string program, string? reload = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(program);
        var files = builder.Certificate();
        (files.Watched, files.Reload) = (program, reload);
        return builder;
    }

    /// <summary>
    /// Says which program signs the certificates where the application is published as a compose file. It runs in a container of its own, on no
    /// network, and is told: <c>--key-folder FOLDER</c>, where it keeps the authority; <c>--folder FOLDER</c>, in which each server has one of its own
    /// name; <c>--lifetime 259200s</c>; <c>--server NAME=USER:DNS,DNS</c> for each; <c>--restarted-server</c> likewise for one that is started again
    /// for a new certificate; <c>--client NAME</c> for a folder with the authority's certificate alone. With <c>--check</c> it ends with exit code 0 if
    /// everything is there and counts.
    /// </summary>
    /// <typeparam name="T">The kind of service.</typeparam>
    /// <param name="builder">The authority.</param>
    /// <param name="program">The service whose image holds the program.</param>
    /// <param name="command">What is run of the image.</param>
    /// <returns>The same authority.</returns>
    public static IResourceBuilder<CertificateAuthorityResource> SignedBy<T>(
        this IResourceBuilder<CertificateAuthorityResource> builder, IResourceBuilder<T> program, params string[] command)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(command);
        return builder.WithAnnotation(new SignerAnnotation(program.Resource, command), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Gives a program of this machine a certificate for its name, as files that it reads again when they are replaced. They stand in a
    /// folder that this user alone enters, and that ends with the application. A container that the engine's client runs
    /// (<see cref="EngineRunExtensions"/>), and one of what is published, finds them in <see cref="CertificateFiles.Folder"/>.</summary>
    /// <typeparam name="T">The kind of program.</typeparam>
    /// <param name="builder">The program.</param>
    /// <param name="authority">The authority.</param>
    /// <param name="certificateVariable">The variable that names the file with the certificate.</param>
    /// <param name="keyVariable">The variable that names the file with its private key.</param>
    /// <param name="names">The names by which it is called; the resource's own if none is said.</param>
    /// <returns>The same program.</returns>
    public static IResourceBuilder<T> WithServerCertificateFiles<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<CertificateAuthorityResource> authority, string certificateVariable, string keyVariable, params string[] names)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(certificateVariable);
        ArgumentNullException.ThrowIfNull(keyVariable);
        var files = builder.FolderOf(authority.Resource);
        files.Names = names is { Length: > 0 } ? names : [builder.Resource.Name];
        return builder
            .WithEnvironment(certificateVariable, files.SeenAs(CertificateFiles.Certificate))
            .WithEnvironment(keyVariable, files.SeenAs(CertificateFiles.Key));
    }

    /// <summary>Says that a program of this machine reads its certificate when it starts and never again, and is not started again for a new one.
    /// Its certificate counts for 30 days, or as long as the authority does.</summary>
    /// <typeparam name="T">The kind of program.</typeparam>
    /// <param name="builder">The program, which has a certificate.</param>
    /// <returns>The same program.</returns>
    public static IResourceBuilder<T> WithCertificateReadOnce<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Certificate().IsReadOnce = true;
        return builder;
    }

    /// <summary>Tells a program of this machine whom to trust, in a file beside its certificate if it has one.</summary>
    /// <typeparam name="T">The kind of program.</typeparam>
    /// <param name="builder">The program.</param>
    /// <param name="authority">The authority.</param>
    /// <param name="variable">The variable that names the file with the authority's certificate.</param>
    /// <returns>The same program.</returns>
    public static IResourceBuilder<T> WithAuthorityFile<T>(this IResourceBuilder<T> builder, IResourceBuilder<CertificateAuthorityResource> authority, string variable)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(variable);
        return builder.WithEnvironment(variable, builder.FolderOf(authority.Resource).SeenAs(CertificateFiles.Authority));
    }

    /// <summary>Has a container's program trust what the authority signed, and nobody else: <c>SSL_CERT_FILE</c> and <c>SSL_CERT_DIR</c>, as
    /// Go, OpenSSL and .NET on Linux read them, and <c>PGSSLROOTCERT</c>, as PostgreSQL's clients do.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="authority">The authority.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithTrustIn<T>(this IResourceBuilder<T> builder, IResourceBuilder<CertificateAuthorityResource> authority)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        builder.FilesOf(authority.Resource);
        return builder
            .WithEnvironment("SSL_CERT_FILE", CertificateFiles.Authority)
            .WithEnvironment("SSL_CERT_DIR", Nowhere)
            .WithEnvironment("PGSSLROOTCERT", CertificateFiles.Authority);
    }

    private static CertificateFilesAnnotation FolderOf<T>(this IResourceBuilder<T> builder, CertificateAuthorityResource authority)
        where T : IResource
    {
        if (builder.Resource.Annotations.OfType<CertificateFilesAnnotation>().SingleOrDefault() is { } before)
        {
            return before.OfOne(authority, builder.Resource);
        }

        var files = new CertificateFilesAnnotation(authority);
        builder.WithAnnotation(files);
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            var folder = new CertificateFolder(isMounted: builder.Resource.Annotations.OfType<NetworkAttachmentAnnotation>().Any());
            files.OfThisMachine = folder;
            builder.OnBeforeResourceStarted((_, _, _) =>
            {
                folder.Write(files.NewFiles());
                return Task.CompletedTask;
            });
        }

        return files;
    }

    private static CertificateFilesAnnotation Certificate<T>(this IResourceBuilder<T> builder)
        where T : IResource =>
        builder.Resource.Annotations.OfType<CertificateFilesAnnotation>().SingleOrDefault(files => files.Names.Count > 0)
            ?? throw new DistributedApplicationException($"'{builder.Resource.Name}' has no certificate. Say .WithServerCertificate(…) or .WithServerCertificateFiles(…) first.");

    private static CertificateFilesAnnotation OfOne(this CertificateFilesAnnotation files, CertificateAuthorityResource authority, IResource resource) =>
        files.Authority == authority
            ? files
            : throw new DistributedApplicationException(
                $"'{resource.Name}' has certificates of '{files.Authority.Name}', and is given some of '{authority.Name}'. Name one authority.");

    private static CertificateFilesAnnotation FilesOf<T>(this IResourceBuilder<T> builder, CertificateAuthorityResource authority)
        where T : ContainerResource
    {
        if (builder.Resource.Annotations.OfType<CertificateFilesAnnotation>().SingleOrDefault() is { } before)
        {
            return before.OfOne(authority, builder.Resource);
        }

        var files = new CertificateFilesAnnotation(authority);
        builder.WithAnnotation(files);
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            builder.Named().WithContainerFiles(CertificateFiles.Folder, (_, _) => Task.FromResult<IEnumerable<ContainerFileSystemItem>>([.. files.NewFiles()]));
        }

        return files;
    }
}
