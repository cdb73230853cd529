using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaId.AppHost.Operator;
using NovaId.Operator;

namespace NovaId.AppHost.Drills;

/// <summary>Drills for the dashboard and for <c>aspire resource</c>.</summary>
public static class DrillBuilderExtensions
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "drill";

    private const string Service = "service";
    private const string Mode = "mode";
    private const string Seconds = "seconds";

    /// <summary>Adds the command that lets one service fail for a while and shows what becomes of each kind of caller meanwhile.</summary>
    /// <param name="builder">The operator, who makes the callers.</param>
    /// <param name="services">The services that can be made to fail.</param>
    /// <returns>The operator.</returns>
    public static IResourceBuilder<OperatorResource> WithDrill(
        this IResourceBuilder<OperatorResource> builder, params IResourceBuilder<ContainerResource>[] services)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(services);
        ContainerResource[] resources = [.. services.Select(service => service.Resource)];
        builder.ApplicationBuilder.Services.AddSingleton(provider => new Drill(
            provider.GetRequiredService<ContainerEngine>(),
            provider.GetRequiredService<OperatorClient>(),
            provider.GetRequiredService<ZoneConfiguration>(),
            builder.Resource));
        return builder.WithCommand(CommandName, "Hold a drill", context => HoldAsync(context, resources), new CommandOptions
        {
            Description = "Lets one service fail for some seconds, asks as each kind of caller meanwhile, and shows what was expected beside what was seen.",
            IconName = "Alert",
            Arguments =
            [
                new() { Name = Service, Label = "Service", InputType = InputType.Choice, Required = true, Options = [.. resources.Select(resource => KeyValuePair.Create(resource.Name, resource.Name))] },
                new()
                {
                    Name = Mode,
                    Label = "How it fails",
                    InputType = InputType.Choice,
                    Required = true,
                    Options =
                    [
                        KeyValuePair.Create("stopped", "stopped: it refuses every connection"),
                        KeyValuePair.Create("hanging", "hanging: it takes connections and answers nothing"),
                        KeyValuePair.Create("killed", "killed: its process ends, and the engine brings it back"),
                    ],
                },
                new() { Name = Seconds, Label = "Seconds", InputType = InputType.Number, Value = DrillPlan.Usual.ToString(CultureInfo.InvariantCulture) },
            ],
            UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });
    }

    private static async Task<ExecuteCommandResult> HoldAsync(ExecuteCommandContext context, ContainerResource[] services)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, context.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            var plan = DrillPlan.Read(services, ValueOf(context, Service), ValueOf(context, Mode), ValueOf(context, Seconds));
            var report = await context.Services.GetRequiredService<Drill>().HoldAsync(plan, stopped.Token);
            var table = new CommandResultData { Value = report.ToMarkdown(), Format = CommandResultFormat.Markdown, DisplayImmediately = true };
            return report.Holds ? CommandResults.Success(report.Summary, table) : CommandResults.Failure(report.Summary, table);
        }
        catch (Exception exception) when (exception is DrillException or OperatorException or ContainerEngineException)
        {
            return CommandResults.Failure(exception.Message);
        }
    }

    private static string? ValueOf(ExecuteCommandContext context, string name) => context.Arguments.TryGetByName(name, out var input) ? input.Value : null;
}
