using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting;

/// <summary>The proof that the networks keep apart what the model puts apart, for the dashboard.</summary>
public static class ProofBuilderExtensions
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "prove-isolation";

    /// <summary>Adds the command that looks at everything from everywhere and shows what was seen beside what the model says.</summary>
    /// <param name="builder">The topology.</param>
    /// <param name="witness">The container that the first line is about, because nobody outside is to reach it. One looks with its image, which
    /// has BusyBox's shell, <c>wget</c> and <c>nc</c>, as every image on Alpine. Without one, BusyBox's own image is pulled.</param>
    /// <returns>The same topology.</returns>
    public static IResourceBuilder<TopologyResource> WithIsolationProof(
        this IResourceBuilder<TopologyResource> builder, IResourceBuilder<ContainerResource>? witness = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (witness is not null)
        {
            builder.WithAnnotation(new WitnessAnnotation(witness.Resource));
        }

        builder.ApplicationBuilder.Services.TryAddSingleton<IsolationProof>();
        return builder.WithCommand(CommandName, "Prove isolation", ProveAsync, new CommandOptions
        {
            Description = "Looks at every name, address and port from inside every container, from this machine and from strangers, and compares with the model.",
            IconName = "ShieldTask",
            IsHighlighted = true,
            UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });
    }

    private static async Task<ExecuteCommandResult> ProveAsync(ExecuteCommandContext context)
    {
        try
        {
            var matrix = await context.Services.GetRequiredService<IsolationProof>().ProveAsync(context.CancellationToken);
            var table = new CommandResultData { Value = matrix.ToMarkdown(), Format = CommandResultFormat.Markdown, DisplayImmediately = true };
            return matrix.IsProven ? CommandResults.Success(matrix.Summary, table) : CommandResults.Failure(matrix.Summary, table);
        }
        catch (ContainerEngineException exception)
        {
            return CommandResults.Failure(exception);
        }
    }
}
