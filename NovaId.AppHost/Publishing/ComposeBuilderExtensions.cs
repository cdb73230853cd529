using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using NovaId.AppHost.Configuration;

namespace NovaId.AppHost.Publishing;

/// <summary>Publishes the zone as a compose file: <c>aspire publish</c>.</summary>
public static class ComposeBuilderExtensions
{
    /// <summary>Adds what publishes the zone, with the same two networks and no port but the gateway's. When the zone runs, it does nothing.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="options">The gateway's address, in place of which the file has a variable.</param>
    public static void AddComposeZone(this IDistributedApplicationBuilder builder, [ResourceName] string name, ZoneOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        var zone = new ComposeZone([.. builder.Resources], options);
        var folder = "";
        // The one who completes the file is not told where it goes.
        builder.Pipeline.AddStep(
            $"find-{name}",
            context =>
            {
                folder = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
                return Task.CompletedTask;
            },
            requiredBy: $"publish-{name}");
        builder.AddDockerComposeEnvironment(name)
            .WithDashboard(enabled: false)
            .ConfigureComposeFile(file => zone.Complete(file, folder))
            .ConfigureEnvFile(zone.Describe);
    }
}
