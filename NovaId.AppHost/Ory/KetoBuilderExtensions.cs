using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Postgres;

namespace NovaId.AppHost.Ory;

/// <summary>Adds Keto.</summary>
public static class KetoBuilderExtensions
{
    /// <summary>Keto migrates nothing without a file of configuration, though what it needs is in its environment.</summary>
    private const string Migrate = """echo '{"namespaces": []}' > /tmp/keto.json && exec keto migrate up --yes --config /tmp/keto.json""";

    /// <summary>Adds Keto with its configuration, its secret, its database and the migration of that.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on the network.</param>
    /// <param name="options">Whether data is kept, and where images come from.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <param name="database">Its database.</param>
    /// <param name="network">The network it stands on.</param>
    /// <returns>Keto.</returns>
    public static IResourceBuilder<KetoResource> AddKeto(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ZoneOptions options,
        string configuration,
        ServiceDatabase database,
        IResourceBuilder<PrivateNetworkResource> network)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(database);
        var pagination = builder.AddSecret($"{name}-pagination-secret", options.KeepData);
        return builder.AddOryService(new KetoResource(name), options, [network])
            .WithIconName("ShieldCheckmark")
            .WithServiceConfiguration(configuration, name)
            .WithDatabase(database, options, network, KetoResource.WritePort, "sh", "-c", Migrate)
            .WithArgs("serve", "-c", OryServiceBuilderExtensions.ConfigurationOf(name))
            .WithEnvironment("SECRETS_PAGINATION", pagination)
            .WithListener(KetoResource.ReadPort, Greeting.OryHealth)
            .WithListener(KetoResource.WritePort, Greeting.OryHealth)
            .WithListener(KetoResource.MetricsPort, Greeting.Metrics("/metrics/prometheus"), isLoopbackOnly: true)
            .WithListener(KetoResource.SyntaxPort, Greeting.OryHealth, isLoopbackOnly: true)
            .WithContainerHealthCheck(
                $"wget -q -T 3 -O /dev/null http://127.0.0.1:{KetoResource.ReadPort}/health/ready && wget -q -T 3 -O /dev/null http://127.0.0.1:{KetoResource.WritePort}/health/ready")
            .WithFaultSwitches();
    }
}
