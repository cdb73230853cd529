using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Changes the gateway's signing key while the application runs.</summary>
internal static class SigningKeyRotationExtensions
{
    /// <summary>The command.</summary>
    public const string Command = "rotate-signing-key";

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
                var restarted = await context.Services.GetRequiredService<ResourceCommandService>()
                    .ExecuteCommandAsync(builder.Resource, KnownResourceCommands.RestartCommand, context.CancellationToken);
                return restarted.Success
                    ? CommandResults.Success("The gateway signs with a new key. What the old one signed counts no more.")
                    : CommandResults.Failure($"The new key counts from the gateway's next start on, but it could not be restarted: {restarted.Message}");
            },
            new CommandOptions
            {
                IconName = "KeyReset",
                ConfirmationMessage = "The gateway restarts, which takes some seconds. Whoever is logged in stays so.",
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            });
}
