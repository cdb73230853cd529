using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Startup;

namespace NovaId.AppHost.Ory;

/// <summary>Adds Oathkeeper.</summary>
public static class OathkeeperBuilderExtensions
{
    private const string NotTraced = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    private const string Service = "oathkeeper";
    private const string SecretFolder = "/etc/novaid/secrets";
    private const string KeyFile = "id-token.jwks.json";

    /// <summary>Adds the gateway with its configuration, its rules and its signing key. Its port on the loopback address is the one entry
    /// to the zone.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on its networks.</param>
    /// <param name="options">The gateway's port, and where images come from.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <param name="signingKey">The private key set with which it signs id_tokens.</param>
    /// <param name="networks">The networks it stands on.</param>
    /// <returns>The gateway.</returns>
    public static IResourceBuilder<OathkeeperResource> AddOathkeeper(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ZoneOptions options,
        string configuration,
        IResourceBuilder<ParameterResource> signingKey,
        params IResourceBuilder<ContainerNetworkResource>[] networks)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(signingKey);
        var folder = Path.GetFullPath(Path.Combine(configuration, Service), builder.AppHostDirectory);
        var resource = new OathkeeperResource(name, signingKey.Resource);
        return builder.AddOryService(resource, options, networks)
            .WithIconName("ShieldKeyhole")
            .WithArgs("serve", "-c", OryServiceBuilderExtensions.ConfigurationOf(Service))
            .WithZoneAddress(options, configuration, Service)
            .WithEnvironment("MUTATORS_ID_TOKEN_CONFIG_JWKS_URL", $"file://{SecretFolder}/{KeyFile}")
            .WithHttpEndpoint(port: options.GatewayPort, targetPort: OathkeeperResource.ProxyPort, name: OathkeeperResource.ProxyEndpointName, isProxied: false)
            .WithContainerRuntimeArgs(OtherLoopback(builder, options))
            .WithUrlForEndpoint(OathkeeperResource.ProxyEndpointName, url => (url.Url, url.DisplayText) = (options.Address, "Gateway"))
            .WithContainerFiles($"{OryServiceResource.ConfigurationFolder}/{Service}", (context, token) => ConfigurationAsync(folder, resource, context, token))
            .WithContainerFiles(SecretFolder, (_, token) => KeyAsync(resource, builder.ExecutionContext.IsPublishMode, token))
            .WithListener(OathkeeperResource.ProxyPort, Greeting.Http("/gw/.well-known/jwks.json", """^\{"keys":\["""))
            .WithListener(OathkeeperResource.ApiPort, Greeting.OryHealth, isLoopbackOnly: true)
            .WithListener(OathkeeperResource.MetricsPort, Greeting.Metrics("/metrics"), isLoopbackOnly: true)
            // It says that it is ready when it cannot read its key, and then no request would pass. It traces this question, unless that has a
            // parent which is not traced.
            .WithContainerHealthCheck(
                $"wget -q -T 3 -O /dev/null http://127.0.0.1:{OathkeeperResource.ApiPort}/health/ready && wget -q -T 3 -O /dev/null --header 'traceparent: {NotTraced}' http://127.0.0.1:{OathkeeperResource.ApiPort}/.well-known/jwks.json")
            .WithSigningKeyRotation(options.KeepData);
    }

    /// <summary>The name of this machine leads to ::1 as well, where there is one; Aspire publishes at 127.0.0.1 alone.</summary>
    private static string[] OtherLoopback(IDistributedApplicationBuilder builder, ZoneOptions options) =>
        builder.ExecutionContext.IsRunMode && PortCheck.HasIPv6Loopback()
            ? ["--publish", string.Create(CultureInfo.InvariantCulture, $"[::1]:{options.GatewayPort}:{OathkeeperResource.ProxyPort}")]
            : [];

    /// <summary>Adds rules that only this zone has: for a file of <c>ory-config/oathkeeper</c>.</summary>
    /// <param name="builder">The gateway.</param>
    /// <param name="file">The file with the rules.</param>
    /// <param name="onlyIf">Whether they count; null if always.</param>
    /// <returns>The same gateway.</returns>
    public static IResourceBuilder<OathkeeperResource> WithFurtherRules(
        this IResourceBuilder<OathkeeperResource> builder, string file, Func<DistributedApplicationModel, bool>? onlyIf = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.FurtherRules.Add(model => onlyIf?.Invoke(model) ?? true ? file : null);
        return builder;
    }

    /// <summary>The rules stand in one file inside: Oathkeeper can come to a standstill over several.</summary>
    private static async Task<IEnumerable<ContainerFileSystemItem>> ConfigurationAsync(
        string folder, OathkeeperResource resource, ContainerFileSystemCallbackContext context, CancellationToken cancellationToken)
    {
        var model = context.Services.GetRequiredService<DistributedApplicationModel>();
        var rules = new StringBuilder(await ReadAsync(OathkeeperResource.RuleFile));
        foreach (var file in resource.FurtherRules.Select(further => further(model)).OfType<string>())
        {
            rules.AppendLine().Append(await ReadAsync(file));
        }

        return
        [
            new ContainerFile { Name = "oathkeeper.yml", Contents = await ReadAsync("oathkeeper.yml") },
            new ContainerFile { Name = OathkeeperResource.RuleFile, Contents = rules.ToString() },
        ];

        Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(folder, file), cancellationToken);
    }

    private static async Task<IEnumerable<ContainerFileSystemItem>> KeyAsync(OathkeeperResource resource, bool isPublished, CancellationToken cancellationToken) =>
    [
        new ContainerFile
        {
            Name = KeyFile,
            Contents = isPublished ? resource.SigningKey.ValueExpression
                : resource.RotatedKey ?? await resource.SigningKey.GetValueAsync(cancellationToken),
            Owner = resource.UserId,
            Mode = UnixFileMode.UserRead,
        },
    ];
}
