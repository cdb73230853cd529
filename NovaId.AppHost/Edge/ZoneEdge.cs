using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Startup;
using NovaId.AppHost.Telemetry;

namespace NovaId.AppHost.Edge;

/// <summary>
/// The edge of the zone: web programs that the gateway leads to, and that reach nothing but the gateway. Each is a project on this machine;
/// sealed and in what is published, it is a container on a network of its own with the gateway, so that no two of them reach each other.
/// </summary>
/// <param name="builder">The application's builder.</param>
/// <param name="options">Which of the two, and whether what they keep is kept for the next start.</param>
/// <param name="gateway">The gateway.</param>
/// <param name="network">The edge network, on which the first program stands.</param>
/// <param name="topology">What they wait for.</param>
public sealed class ZoneEdge(
    IDistributedApplicationBuilder builder,
    ZoneOptions options,
    IResourceBuilder<OathkeeperResource> gateway,
    IResourceBuilder<EdgeNetworkResource> network,
    IResourceBuilder<TopologyResource> topology)
{
    private const string CertificateVariable = "Tls__CertificateFile";
    private const string KeyVariable = "Tls__KeyFile";
    private const string AuthorityVariable = "Gateway__AuthorityFile";
    private const string Loopback = "127.0.0.1";
    private const string Tag = "sealed";
    private const string DataFolder = "/data";
    private const string DatabaseFile = "novaid.db";

    /// <summary>The home of the user as which the runtime's images run; a new volume there is that user's.</summary>
    private const string PublishedDataFolder = "/home/app";

    /// <summary>How many there are of each program on a cluster: one may go while another answers.</summary>
    internal const int Instances = 2;

    private readonly string _gatewayInside = gateway.AddressInside();

    private IResourceBuilder<IResource>? _first;
    private IResourceBuilder<ExecutableResource>? _image;
    private IResourceBuilder<CertificateAuthorityResource>? _authority;

    /// <summary>The zone's address, as browsers know it.</summary>
    internal ReferenceExpression PublicAddress => builder.PublishedAddress(options);

    /// <summary>The address of a page behind the gateway.</summary>
    internal string AddressOf(string path) => options.Address + path;

    /// <summary>Has every program that the gateway leads to speak TLS, with a certificate for its name.</summary>
    /// <param name="authority">The authority that signs the certificates, which the gateway trusts.</param>
    /// <returns>The same edge.</returns>
    public ZoneEdge WithTls(IResourceBuilder<CertificateAuthorityResource> authority)
    {
        _authority = authority;
        return this;
    }

    /// <summary>Adds a program. The first is what everybody waits for; all others start when it answers.</summary>
    internal IResourceBuilder<IResourceWithEnvironment> Add<TProject>(EdgeProgram program)
        where TProject : IProjectMetadata, new()
    {
        IResourceBuilder<IResourceWithEnvironment> added =
            builder.ExecutionContext.IsPublishMode ? AddPublished<TProject>(program)
            : options.Kind == ZoneKind.Sealed ? AddSealed<TProject>(program)
            : AddProject<TProject>(program);
        _first ??= added;
        // Who publishes with `dotnet run` does so in their launch profile, which is for development.
        return added.WithSparseMetrics().WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.ExecutionContext.IsPublishMode ? Environments.Production : builder.Environment.EnvironmentName);
    }

    private IResourceBuilder<ProjectResource> AddProject<TProject>(EdgeProgram program)
        where TProject : IProjectMetadata, new()
    {
        var scheme = SchemeOf(program);
        var project = builder.AddProject<TProject>(program.Name, launchProfileName: null)
            .FromBuiltProgram()
            .WithEndpoint(port: program.OpenPort ?? program.Port, scheme: scheme, name: scheme, isProxied: false)
            .WithEnvironment("Gateway__Address", options.GatewayAddress)
            .WithHttpHealthCheck("/alive", endpointName: scheme)
            .WithUrlForEndpoint(scheme, url => (url.DisplayText, url.DisplayLocation) = (program.OwnAddress, UrlDisplayLocation.DetailsOnly))
            // A dashboard that is gone must not hold up the end.
            .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000");
        if (program.OpenPort is { } open)
        {
            network.Resource.WhenCreated(_ => PortCheck.EnsureFree(Loopback, open, program.PortKey));
            project.WithEndpoint(scheme, endpoint => endpoint.TargetHost = Loopback);
        }
        else
        {
            network.Resource.WhenCreated(edge => PortCheck.EnsureFree(edge.HostBinding, program.Port, null));
            gateway.WithHostAlias(program.Name, network);
            project.ReachableFrom(network, scheme).WithListener(program.Port, GreetingOf(program));
        }

        if (AuthorityOf(program) is { } authority)
        {
            // Kestrel takes the zone's certificate, and no other that Aspire might have.
            project.WithoutHttpsCertificate().WithServerCertificateFiles(authority, CertificateVariable, KeyVariable);
            builder.Services.AddHttpClient(project.Resource.Annotations.OfType<HealthCheckAnnotation>().Last().Key)
                .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
                {
                    SslOptions = { RemoteCertificateValidationCallback = authority.Resource.Authority.Expecting(program.Name) },
                });
        }

        TrustGateway(project);
        return AfterTheFirst(WithStorage(project, program, options.KeepData ? DataPath(program) : ":memory:"));
    }

    private IResourceBuilder<EdgeContainerResource> AddSealed<TProject>(EdgeProgram program)
        where TProject : IProjectMetadata, new()
    {
        // One image for each copy of this project, which the next start builds anew: nothing is left over.
        var image = $"{options.Name}-{program.Name}:{Tag}";
        _image = builder.AddEdgeImage<TProject>(program.Name, image, options, after: _image);
        string[] data = program.StorageVariable is null ? []
            : options.KeepData ? ["--volume", $"{options.Name}-{program.Name}:{DataFolder}"]
            : ["--tmpfs", $"{DataFolder}:uid=1654,gid=1654,mode=0700"];
        string[] publish = [];
        var (open, tls) = PortsOf(program);
        if (program.OpenPort is { } openPort)
        {
            network.Resource.WhenCreated(_ => PortCheck.EnsureFree(Loopback, openPort, program.PortKey));
            publish = ["--publish", string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{openPort}:{program.Port}")];
        }

        var container = builder.AddEdgeContainer(program.Name, image, NetworkOf(program), [.. data, .. publish])
            .WithListener(program.Port, GreetingOf(program))
            .WithEnvironment("Gateway__Address", _gatewayInside)
            .WithEnvironment("HTTP_PORTS", open)
            .WithEnvironment("HTTPS_PORTS", tls)
            .WaitForCompletion(_image);
        if (_authority is not null)
        {
            container.WithTelemetry(network, _authority);
        }

        if (AuthorityOf(program) is { } authority)
        {
            container.WithServerCertificateFiles(authority, CertificateVariable, KeyVariable);
        }

        TrustGateway(container);
        return AfterTheFirst(WithStorage(container, program, $"{DataFolder}/{DatabaseFile}"));
    }

    private IResourceBuilder<ProjectResource> AddPublished<TProject>(EdgeProgram program)
        where TProject : IProjectMetadata, new()
    {
        var (open, tls) = PortsOf(program);
        var project = builder.AddProject<TProject>(program.Name, launchProfileName: null)
            .WithAnnotation(new NetworkAttachmentAnnotation(NetworkOf(program).Resource))
            .WithListener(program.Port, GreetingOf(program))
            .WithPublishedHealth(program.Port, "/alive", "/health")
            .Needs(processor: 100, memory: 192, memoryLimit: 512)
            .InCluster(Instances)
            .WithEnvironment("Gateway__Address", _gatewayInside);
        if (program.OpenPort is { } openPort)
        {
            project.WithHttpEndpoint(port: openPort, targetPort: program.Port, name: Uri.UriSchemeHttp, isProxied: false);
        }

        if (AuthorityOf(program) is { } authority)
        {
            project.WithServerCertificateFiles(authority, CertificateVariable, KeyVariable);
        }

        TrustGateway(project);
        // Behind the endpoint, which would say where it listens by itself.
        project.WithEnvironment("HTTP_PORTS", open).WithEnvironment("HTTPS_PORTS", tls);

        if (program.StorageVariable is not null)
        {
            project.WithAnnotation(new ContainerMountAnnotation(program.Name, PublishedDataFolder, ContainerMountType.Volume, isReadOnly: false));
        }

        return WithStorage(project, program, $"{PublishedDataFolder}/{DatabaseFile}").WaitFor(topology);
    }

    /// <summary>Who signs a program's certificate; null where it has none, because nobody reaches it but this machine's own browsers.</summary>
    private IResourceBuilder<CertificateAuthorityResource>? AuthorityOf(EdgeProgram program) => program.OpenPort is null ? _authority : null;

    /// <summary>Where the gateway speaks TLS, it is known by the zone's authority, which this machine does not trust.</summary>
    private void TrustGateway<T>(IResourceBuilder<T> program)
        where T : IResourceWithEnvironment
    {
        if (_authority is not null && gateway.Resource.SpeaksTls)
        {
            program.WithAuthorityFile(_authority, AuthorityVariable);
        }
    }

    /// <summary>On which ports a container listens without TLS, and on which with. Its image names one without.</summary>
    private (string Open, string Tls) PortsOf(EdgeProgram program)
    {
        var port = program.Port.ToString(CultureInfo.InvariantCulture);
        return AuthorityOf(program) is null ? (port, "") : ("", port);
    }

    private string SchemeOf(EdgeProgram program) => AuthorityOf(program) is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    private Greeting GreetingOf(EdgeProgram program) => AuthorityOf(program) is null ? program.Greeting : program.Greeting.OverTls();

    /// <summary>The edge network for the first, and for every other one of its own, on which only the gateway stands beside it.</summary>
    private IResourceBuilder<EdgeNetworkResource> NetworkOf(EdgeProgram program)
    {
        if (_first is null)
        {
            return network;
        }

        var own = builder.AddEdgeNetwork($"{network.Resource.Name}-{program.Name}");
        gateway.OnNetworks(own);
        return own;
    }

    /// <summary>Whoever starts the zone waits for the first; on few processors, all others at once would take their share of what it needs.</summary>
    private IResourceBuilder<T> AfterTheFirst<T>(IResourceBuilder<T> program)
        where T : IResourceWithWaitSupport =>
        _first is null ? program.WaitFor(topology) : program.WaitFor(topology).WaitFor(_first, WaitBehavior.WaitOnResourceUnavailable);

    private static IResourceBuilder<T> WithStorage<T>(IResourceBuilder<T> builder, EdgeProgram program, string path)
        where T : IResourceWithEnvironment =>
        program.StorageVariable is null ? builder : builder.WithEnvironment(program.StorageVariable, path);

    /// <summary>What it keeps outlives the application, and is in no folder that git sees.</summary>
    private string DataPath(EdgeProgram program)
    {
        var folder = options.DataFolder(program.Name);
        if (program.StorageVariable is not null)
        {
            Directory.CreateDirectory(folder);
        }

        return Path.Combine(folder, DatabaseFile);
    }
}
