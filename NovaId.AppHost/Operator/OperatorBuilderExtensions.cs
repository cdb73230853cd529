using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Drills;
using NovaId.Operator;

namespace NovaId.AppHost.Operator;

/// <summary>Adds the operator.</summary>
public static partial class OperatorBuilderExtensions
{
    private const string GeneralProperty = "First General";
    private const string PasswordProperty = "Password of the first General (shown this once)";

    /// <summary>Adds the operator, who seeds the zone as soon as it stands.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="options">The gateway's address and the first General's.</param>
    /// <param name="configuration">The <c>ory-config</c> folder.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="key">The private key of the service client.</param>
    /// <returns>The operator.</returns>
    public static IResourceBuilder<OperatorResource> AddOperator(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ZoneOptions options,
        string configuration,
        IResourceBuilder<OathkeeperResource> gateway,
        IResourceBuilder<ParameterResource> key)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(gateway);
        ArgumentNullException.ThrowIfNull(key);
        var zone = ReadConfiguration(Path.GetFullPath(configuration, builder.AppHostDirectory));
        var resource = new OperatorResource(name, gateway.Resource, new Uri(options.GatewayAddress), key.Resource) { GatewayCertificate = builder.GatewayCertificate(options) };
        var client = new OperatorClient(
            resource.GatewayAddress,
            OperatorAccount.WithKey(async cancellationToken => (await resource.Key.GetValueAsync(cancellationToken))!, zone: new(options.Address)),
            resource.GatewayCertificate);
        // Whoever made it disposes of it: the container, when the application ends.
        builder.Services.AddSingleton(_ => client);
        builder.Services.AddSingleton(zone);
        var check = $"{name}_seeded";
        builder.Services.AddHealthChecks().AddCheck(
            check,
            () => resource.Seeded.Task.IsCompletedSuccessfully ? HealthCheckResult.Healthy("The zone is seeded.") : HealthCheckResult.Unhealthy("The zone is not seeded yet."));
        return builder.AddResource(resource)
            .WithInitialState(new() { ResourceType = "Operator", State = KnownResourceStates.NotStarted, Properties = [Shown(GeneralProperty, options.General)] })
            .WithIconName("PersonSettings")
            .WithHealthCheck(check)
            .WithUrl($"{options.Address}/api/docs", "API documentation")
            .WithOperatorCommands(client, zone)
            .ExcludeFromManifest()
            .OnInitializeResource((self, initialize, cancellationToken) =>
                SeedAsync(self, initialize, client, zone, options.General, cancellationToken));
    }

    private static ZoneConfiguration ReadConfiguration(string folder)
    {
        try
        {
            return ZoneConfiguration.Read(folder);
        }
        catch (OperatorException exception)
        {
            throw new ZoneConfigurationException(exception.Message, exception);
        }
    }

    /// <summary>The dashboard hides a property that it does not know, unless it is told otherwise.</summary>
    private static ResourcePropertySnapshot Shown(string name, string value, bool isSensitive = false) =>
        new(name, value) { IsHighlighted = true, IsSensitive = isSensitive };

    private static async Task SeedAsync(
        OperatorResource resource, InitializeResourceEvent initialize, OperatorClient client, ZoneConfiguration zone, string general, CancellationToken cancellationToken)
    {
        if (!await initialize.WaitForDependenciesAsync(cancellationToken))
        {
            return;
        }

        try
        {
            if ((await client.MembersAsync(zone.Ranks[0], cancellationToken)).Count > 0)
            {
                // The General of a drill that was killed is none.
                await DrillCast.DismissAsync(client, cancellationToken);
            }

            var password = (await new ZoneSeed(client, zone, general) { GeneratesPassword = true }.RunAsync(cancellationToken)).Password;
            resource.Seeded.TrySetResult();
            if (password is null)
            {
                LogSeededBefore(initialize.Logger);
            }
            else
            {
                LogSeeded(initialize.Logger, general);
            }

            await initialize.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = DateTime.UtcNow,
                // Kept in this process alone, and for as long as it runs: not in a log, not on the disk.
                Properties = password is null ? snapshot.Properties : snapshot.Properties.Add(Shown(PasswordProperty, password, isSensitive: true)),
            });
        }
        catch (OperatorException exception)
        {
            LogNotSeeded(initialize.Logger, exception.Message);
            await initialize.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.FailedToStart });
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The zone is seeded. The first General is {General}; the password is in this resource's details, this once.")]
    private static partial void LogSeeded(ILogger logger, string general);

    [LoggerMessage(2, LogLevel.Information, "The zone was seeded before; nobody was made.")]
    private static partial void LogSeededBefore(ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "The zone could not be seeded. {Reason}")]
    private static partial void LogNotSeeded(ILogger logger, string reason);
}
