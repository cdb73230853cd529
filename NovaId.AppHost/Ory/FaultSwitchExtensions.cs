using Microsoft.Extensions.DependencyInjection;
using NovaId.AppHost.Engine;

namespace NovaId.AppHost.Ory;

/// <summary>Switches to see how the zone bears a service that hangs. Stopping and starting one is Aspire's own.</summary>
internal static class FaultSwitchExtensions
{
    /// <summary>The command that makes a service hang: it takes connections and answers nothing.</summary>
    public const string PauseCommand = "pause";

    /// <summary>The command that lets it go on.</summary>
    public const string ResumeCommand = "resume";

    public static IResourceBuilder<T> WithFaultSwitches<T>(this IResourceBuilder<T> builder)
        where T : OryServiceResource =>
        builder
            .WithSwitch(PauseCommand, "Pause (it hangs)", "Pause", "pause", "answers nobody now")
            .WithSwitch(ResumeCommand, "Resume", "Play", "unpause", "goes on");

    private static IResourceBuilder<T> WithSwitch<T>(this IResourceBuilder<T> builder, string name, string displayName, string icon, string verb, string outcome)
        where T : OryServiceResource =>
        builder.WithCommand(
            name,
            displayName,
            async context =>
            {
                try
                {
                    var container = builder.Resource.Annotations.OfType<ContainerNameAnnotation>().Last().Name;
                    await context.Services.GetRequiredService<ContainerEngine>().RunAsync([verb, container], context.CancellationToken);
                    return CommandResults.Success($"{builder.Resource.Name} {outcome}.");
                }
                catch (ContainerEngineException exception)
                {
                    return CommandResults.Failure(exception.Message);
                }
            },
            new CommandOptions
            {
                IconName = icon,
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            });
}
