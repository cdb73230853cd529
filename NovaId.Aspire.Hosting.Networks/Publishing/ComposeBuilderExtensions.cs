using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Publishes the application as a compose file: <c>aspire publish</c>.</summary>
public static class ComposeBuilderExtensions
{
    /// <summary>Adds what publishes the application, with its networks, health and order, every secret a variable, and no port that they do not open. When it runs, it does nothing.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the step: <c>publish-{name}</c>.</param>
    public static void AddComposeFile(this IDistributedApplicationBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        builder.Eventing.Subscribe<BeforeStartEvent>((started, _) =>
        {
            ComposeWriter.EnsureWritable(FolderOf(started.Services));
            return Task.CompletedTask;
        });
        builder.Pipeline.AddStep(
            $"publish-{name}",
            async context =>
            {
                // Aspire logs what fails here and lets the program end as if nothing had.
                Environment.ExitCode = 1;
                var application = await PublishedApplication.ReadAsync(context.Model, context.ExecutionContext, context.CancellationToken);
                await new ComposeWriter(application, FolderOf(context.Services)).WriteAsync(context.CancellationToken);
                Environment.ExitCode = 0;
            },
            requiredBy: WellKnownPipelineSteps.Publish);
    }

    private static string FolderOf(IServiceProvider services) => services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
}
