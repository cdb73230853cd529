using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;
using NovaId.AppHost.Postgres;
using NovaId.AppHost.Startup;

namespace NovaId.AppHost.Ory;

/// <summary>Adds Hydra.</summary>
public static class HydraBuilderExtensions
{
    private const string ClientsFile = "clients.json";

    /// <summary>
    /// Makes the service clients anew from their file at each start, with the secrets of the environment, which stand in no file and no
    /// process list: what the file says is what they may, and no other client is touched.
    /// </summary>
    internal const string MakeClients = """
        set -eu
        echo "Waiting for Hydra."
        until wget -q -O /dev/null "$ORY_SDK_URL/health/ready" 2>/dev/null; do sleep 0.3; done
        clients=${CLIENTS:-}
        [ -n "$clients" ] || clients=$(cat "$CLIENTS_FILE")
        file=/tmp/clients.json
        umask 077
        printf '%s' "$clients" | awk '
          /"client_id":/ { id = $2; gsub(/[",]/, "", id); name = toupper(substr(id, index(id, "-") + 1)) "_CLIENT_SECRET"; if (ENVIRON[name] == "") { print "There is no secret for " id "." > "/dev/stderr"; exit 1 } print; printf "\"client_secret\": \"%s\",\n", ENVIRON[name]; next }
          { print }' > "$file"
        hydra delete oauth2-client $(printf '%s' "$clients" | awk '/"client_id":/ { gsub(/[",]/, "", $2); print $2 }') >/dev/null 2>&1 || true
        hydra import oauth2-client "$file" >/dev/null
        """;

    /// <summary>Adds Hydra with its configuration, its secrets, its database, the migration of that, and the service clients.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on the network.</param>
    /// <param name="options">The gateway's address, whether data is kept, and where images come from.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <param name="database">Its database.</param>
    /// <param name="network">The network it stands on.</param>
    /// <returns>Hydra.</returns>
    public static IResourceBuilder<HydraResource> AddHydra(
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
            ["SECRETS_SYSTEM"] = builder.AddSecret($"{name}-system-secret", options.KeepData),
            ["SECRETS_COOKIE"] = builder.AddSecret($"{name}-cookie-secret", options.KeepData),
            ["SECRETS_PAGINATION"] = builder.AddSecret($"{name}-pagination-secret", options.KeepData),
        };
        // Without TLS, Hydra starts no other way.
        var isDevelopment = builder.PublishedSetting("hydra-dev", options.IsSecure ? "false" : "true", "false where the gateway's address is https");
        return builder.AddOryService(new HydraResource(name), options, [network])
            .WithIconName("Key")
            .WithServiceConfiguration(configuration, name)
            .WithDatabase(database, options, network, HydraResource.AdminPort, "hydra", "migrate", "sql", "up", "-e", "--yes")
            .WithArgs("serve", "all", "-c", OryServiceBuilderExtensions.ConfigurationOf(name))
            .WithEnvironment(Environment)
            .WithZoneAddress(options, configuration, name)
            .WithListener(HydraResource.PublicPort, Greeting.OryHealth)
            .WithListener(HydraResource.AdminPort, Greeting.OryHealth)
            .WithContainerHealthCheck($"wget -q -T 3 -O /dev/null http://127.0.0.1:{HydraResource.AdminPort}/health/ready")
            .WithFaultSwitches();

        void Environment(EnvironmentCallbackContext context)
        {
            foreach (var (key, secret) in secrets)
            {
                context.EnvironmentVariables[key] = secret.Resource;
            }

            context.EnvironmentVariables["DEV"] = isDevelopment;
        }
    }

    /// <summary>Makes the service clients of <c>clients.json</c>, in a container that ends when that is done.</summary>
    /// <param name="builder">Hydra.</param>
    /// <param name="options">Where images come from.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <param name="apiSecret">The secret of <c>novaid-api</c>.</param>
    /// <param name="operatorSecret">The secret of <c>novaid-operator</c>.</param>
    /// <param name="accountsSecret">The secret of <c>novaid-accounts</c>.</param>
    /// <param name="network">The network it stands on.</param>
    /// <returns>The container that makes them.</returns>
    public static IResourceBuilder<IOryJobResource> AddServiceClients(
        this IResourceBuilder<HydraResource> builder,
        ZoneOptions options,
        string configuration,
        IResourceBuilder<ParameterResource> apiSecret,
        IResourceBuilder<ParameterResource> operatorSecret,
        IResourceBuilder<ParameterResource> accountsSecret,
        IResourceBuilder<PrivateNetworkResource> network)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        var name = builder.Resource.Name;
        var clients = builder.AddJob($"{name}-clients", options, network, ["sh", "-c", MakeClients])
            .WithIconName("PeopleAdd")
            .WithEnvironment("ORY_SDK_URL", FormattableString.Invariant($"http://{name}:{HydraResource.AdminPort}"))
            .WithEnvironment("API_CLIENT_SECRET", apiSecret)
            .WithEnvironment("OPERATOR_CLIENT_SECRET", operatorSecret)
            .WithEnvironment("ACCOUNTS_CLIENT_SECRET", accountsSecret);
        if (clients is IResourceBuilder<PublishedOryJobResource> published)
        {
            return published.WithServiceConfiguration(configuration, name)
                .WithEnvironment("CLIENTS_FILE", $"{OryServiceResource.ConfigurationFolder}/{name}/{ClientsFile}")
                .WaitFor(builder);
        }

        // It waits for Hydra itself, so that its container is made while PostgreSQL starts and not last, when everything else waits for it.
        builder.MadeBefore(clients);
        var file = Path.Combine(Path.GetFullPath(configuration, builder.ApplicationBuilder.AppHostDirectory), name, ClientsFile);
        return clients.WithEnvironment("CLIENTS", File.ReadAllText(file));
    }
}
