using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Switches to see how an application bears a service that hangs. Stopping and starting one is Aspire's own.</summary>
public static class FaultSwitchExtensions
{
    /// <summary>The command that makes a service hang: it takes connections and answers nothing.</summary>
    public const string PauseCommand = "pause";

    /// <summary>The command that lets it go on.</summary>
    public const string ResumeCommand = "resume";

    /// <summary>Adds the commands <c>pause</c> and <c>resume</c> to a container.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithFaultSwitches<T>(this IResourceBuilder<T> builder)
        where T : ContainerResource =>
        builder.Named()
            .WithSwitch(PauseCommand, "Pause (it hangs)", "Pause", "pause", "answers nobody now")
            .WithSwitch(ResumeCommand, "Resume", "Play", "unpause", "goes on");

    private static IResourceBuilder<T> WithSwitch<T>(this IResourceBuilder<T> builder, string name, string displayName, string icon, string verb, string outcome)
        where T : ContainerResource =>
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
