using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Postgres;

namespace NovaId.AppHost.Ory;

/// <summary>Adds Kratos.</summary>
public static class KratosBuilderExtensions
{
    /// <summary>Adds Kratos with its configuration, its secrets, its database and the migration of that.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on the network.</param>
    /// <param name="options">The gateway's address, whether data is kept, and where images come from.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <param name="database">Its database.</param>
    /// <param name="network">The network it stands on.</param>
    /// <returns>Kratos.</returns>
    public static IResourceBuilder<KratosResource> AddKratos(
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
        var secrets = new Dictionary<string, IResourceBuilder<ParameterResource>>
        {
            ["SECRETS_DEFAULT"] = builder.AddSecret($"{name}-default-secret", options.KeepData),
            ["SECRETS_COOKIE"] = builder.AddSecret($"{name}-cookie-secret", options.KeepData),
            ["SECRETS_CIPHER"] = builder.AddSecret($"{name}-cipher-secret", options.KeepData),
            ["SECRETS_PAGINATION"] = builder.AddSecret($"{name}-pagination-secret", options.KeepData),
        };
        var isSecure = builder.PublishedSetting("cookies-secure", options.IsSecure ? "true" : "false", "true where the gateway's address is https");
        return builder.AddOryService(new KratosResource(name), options, [network])
            .WithIconName("PersonKey")
            .WithServiceConfiguration(configuration, name)
            .WithDatabase(database, options, network, KratosResource.AdminPort, "kratos", "migrate", "sql", "up", "-e", "--yes")
            .WithArgs("serve", "-c", OryServiceBuilderExtensions.ConfigurationOf(name))
            .WithEnvironment(Environment)
            .WithZoneAddress(options, configuration, name)
            .WithRelyingParty(options)
            .WithEnvironment("COOKIES_SECURE", isSecure)
            .WithEnvironment("SESSION_COOKIE_SECURE", isSecure)
            .WithListener(KratosResource.PublicPort, Greeting.OryHealth)
            .WithListener(KratosResource.AdminPort, Greeting.Http("/admin/health/alive", Greeting.OryHealth.Answer))
            .WithContainerHealthCheck($"wget -q -T 3 -O /dev/null http://127.0.0.1:{KratosResource.AdminPort}/admin/health/ready")
            .WithFaultSwitches();

        void Environment(EnvironmentCallbackContext context)
        {
            foreach (var (key, secret) in secrets)
            {
                context.EnvironmentVariables[key] = secret.Resource;
            }

            context.EnvironmentVariables["CIPHERS_ALGORITHM"] = "xchacha20-poly1305";
        }
    }
}
