using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Changes the gateway's signing key while the application runs.</summary>
internal static class SigningKeyRotationExtensions
{
    /// <summary>The command.</summary>
    public const string Command = "rotate-signing-key";

    /// <summary>The property of a container's state, as the dashboard shows it.</summary>
    private const string ContainerId = "container.id";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IResourceBuilder<OathkeeperResource> WithSigningKeyRotation(this IResourceBuilder<OathkeeperResource> builder, bool keep) =>
        builder.WithCommand(
            Command,
            "Rotate the signing key",
            async context =>
            {
                var key = SigningKey.Generate();
                if (keep && !builder.ApplicationBuilder.UserSecretsManager.TrySetSecret($"Parameters:{builder.Resource.SigningKey!.Name}", key))
                {
                    return CommandResults.Failure("The new key could not be kept in the user secrets; the old one stays. Check that this project has a UserSecretsId.");
                }

                builder.Resource.RotatedKey = key;
                var problem = await RestartAsync(builder.Resource, context);
                return problem is null
                    ? CommandResults.Success("The gateway signs with a new key. What the old one signed counts no more.")
                    : CommandResults.Failure($"The new key counts from the gateway's next start on, but it could not be restarted: {problem}");
            },
            new CommandOptions
            {
                IconName = "KeyReset",
                ConfirmationMessage = "The gateway restarts, which takes some seconds. Whoever is logged in stays so.",
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            });

    /// <summary>
    /// Restarts a container and sees that it is back: on a busy machine the orchestrator may say that it is, and leave it stopped.
    /// </summary>
    /// <returns>What is wrong; null if it runs anew.</returns>
    private static async Task<string?> RestartAsync(OathkeeperResource gateway, ExecuteCommandContext context)
    {
        var commands = context.Services.GetRequiredService<ResourceCommandService>();
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        var before = ContainerOf(await notifications.WaitForResourceAsync(gateway.Name, _ => true, context.CancellationToken));
        foreach (var command in (string[])[KnownResourceCommands.RestartCommand, KnownResourceCommands.StartCommand, KnownResourceCommands.StartCommand])
        {
            var outcome = await commands.ExecuteCommandAsync(gateway, command, context.CancellationToken);
            if (!outcome.Success)
            {
                return outcome.Message;
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                await notifications.WaitForResourceAsync(
                    gateway.Name, now => now.Snapshot.State?.Text == KnownResourceStates.Running && ContainerOf(now) != before, patience.Token);
                return null;
            }
            catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
            {
                // Started once more.
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"It was started three times and did not run within {Patience.TotalSeconds:0} s each time.");
    }

    /// <summary>The engine's id of the container, which is another one after each start.</summary>
    private static string? ContainerOf(ResourceEvent now) =>
        now.Snapshot.Properties.FirstOrDefault(property => property.Name == ContainerId)?.Value as string;
}
