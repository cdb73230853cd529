using NovaId.AppHost.Configuration;
using NovaId.Operator;

namespace NovaId.AppHost.Operator;

/// <summary>The operator in what is published.</summary>
public static class PublishedOperatorExtensions
{
    private const string Project = "../NovaId.Operator/NovaId.Operator.csproj";
    private const string Folder = "/etc/novaid";
    private const string KetoFolder = "keto";
    private const string TupleFile = "relation-tuples.json";

    /// <summary>Adds the operator's program to what is published: it stands on a network with the gateway alone, waits until the zone answers,
    /// seeds it and ends. Where it is seeded already, it changes nothing.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="options">The first General's address.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="key">The private key of the service client.</param>
    /// <param name="authority">The authority by which the gateway is known, where it speaks TLS.</param>
    /// <returns>The operator.</returns>
    public static IResourceBuilder<ProjectResource> AddPublishedOperator(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ZoneOptions options,
        string configuration,
        IResourceBuilder<OathkeeperResource> gateway,
        IResourceBuilder<ParameterResource> key,
        IResourceBuilder<CertificateAuthorityResource> authority)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(gateway);
        var network = builder.AddEdgeNetwork($"edge-{name}");
        gateway.OnNetworks(network);
        var tuples = Path.GetFullPath(Path.Combine(configuration, KetoFolder, TupleFile), builder.AppHostDirectory);
        // Nobody is General by default: whoever deploys says who reads the mails of that address.
        var general = builder.AddParameter("first-general", options.General).WithDescription("The e-mail address of the first General, who gets in by a recovery");
        var seeder = builder.AddProject(name, Project, launchProfileName: null)
            .WithAnnotation(new NetworkAttachmentAnnotation(network.Resource))
            .WithAnnotation(new RunsOnceAnnotation())
            .WithAnnotation(new ContainerFileSystemCallbackAnnotation
            {
                DestinationPath = $"{Folder}/{KetoFolder}",
                Callback = (_, _) => Task.FromResult<IEnumerable<ContainerFileSystemItem>>([new ContainerFile { Name = TupleFile, SourcePath = tuples }]),
            })
            .WithArgs("seed", "--wait", "--timeout", "10m")
            .WithEnvironment("NOVAID_GATEWAY", gateway.AddressInside())
            .WithEnvironment("NOVAID_CONFIGURATION", Folder)
            .WithEnvironment("NOVAID_GENERAL", general)
            .WithEnvironment("NOVAID_OPERATOR_ID", OperatorAccount.DefaultClientId)
            .WithEnvironment("NOVAID_OPERATOR_KEY", key)
            .WithEnvironment("NOVAID_PUBLIC_ADDRESS", builder.PublishedAddress(options));
        return gateway.Resource.SpeaksTls ? seeder.WithAuthorityFile(authority, "SSL_CERT_FILE").WithEnvironment("SSL_CERT_DIR", "/nonexistent") : seeder;
    }

    /// <summary>Has the operator's program sign the certificates of what is published as a compose file.</summary>
    /// <param name="builder">The authority.</param>
    /// <param name="seeder">The operator.</param>
    /// <returns>The authority.</returns>
    public static IResourceBuilder<CertificateAuthorityResource> SignedByOperator(
        this IResourceBuilder<CertificateAuthorityResource> builder, IResourceBuilder<ProjectResource> seeder) =>
        builder.SignedBy(seeder, "dotnet", "/app/NovaId.Operator.dll", "authority");
}
