using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Networks;

/// <summary>A step of <c>aspire publish</c> that writes the application.</summary>
internal static class PublishingStep
{
    /// <summary>Adds the step. When the application runs, it does nothing.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the step: <c>publish-{name}</c>.</param>
    /// <param name="folderOf">The folder, given the one that is published into.</param>
    /// <param name="write">Writes the application into the folder.</param>
    public static void AddPublishingStep(
        this IDistributedApplicationBuilder builder, string name, Func<string, string> folderOf, Func<PublishedApplication, string, CancellationToken, Task> write)
    {
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        var progress = builder.Services.FirstOrDefault(service => service.ServiceType == typeof(Progress))?.ImplementationInstance as Progress;
        if (progress is null)
        {
            progress = new();
            builder.Services.AddSingleton(progress);
        }

        builder.Eventing.Subscribe<BeforeStartEvent>((started, _) =>
        {
            PublishedFolder.EnsureWritable(Folder(started.Services));
            return Task.CompletedTask;
        });
        builder.Pipeline.AddStep(
            $"publish-{name}",
            async context =>
            {
                // Aspire logs what fails here and lets the program end as if nothing had.
                progress.Begin();
                var application = await PublishedApplication.ReadAsync(context.Model, context.ExecutionContext, context.CancellationToken);
                await write(application, Folder(context.Services), context.CancellationToken);
                progress.End();
            },
            requiredBy: WellKnownPipelineSteps.Publish);

        string Folder(IServiceProvider services) => folderOf(services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory());
    }

    /// <summary>Steps may run at the same time; the program succeeds where each that has begun has ended well.</summary>
    private sealed class Progress
    {
        private readonly Lock _lock = new();

        private int _unfinished;

        public void Begin() => Add(1);

        public void End() => Add(-1);

        private void Add(int step)
        {
            lock (_lock)
            {
                _unfinished += step;
                Environment.ExitCode = _unfinished == 0 ? 0 : 1;
            }
        }
    }
}
