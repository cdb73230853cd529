using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The health of a container as the engine sees it from inside, for what the host cannot reach. It answers only when the container is no
/// longer starting, because Aspire waits seconds between two unhealthy answers.
/// </summary>
internal sealed class ContainerHealthCheck(ContainerEngine engine, ContainerHealthFeed feed, IResource container) : IHealthCheck
{
    private const string Format = "{{.State.Status}}|{{if .State.Health}}{{.State.Health.Status}}{{end}}|"
        + "{{if .State.Health}}{{range .State.Health.Log}}{{json .Output}}\n{{end}}{{end}}";

    // As long as the engine takes no answer for a bad one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var containerName = container.Annotations.OfType<ContainerNameAnnotation>().Last().Name;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var seen = "not created yet";
        try
        {
            while (true)
            {
                // Before the engine is asked: what happens while it answers is not missed.
                var change = feed.NextChange(containerName);
                var outcome = await engine.TryRunAsync(["inspect", "--type", "container", "--format", Format, containerName], patience.Token);
                if (outcome.Succeeded)
                {
                    var parts = outcome.Output.Split('|', 3);
                    switch (parts[0], parts[1])
                    {
                        case ("running", "healthy"):
                            return HealthCheckResult.Healthy();
                        case ("running", "starting"):
                            seen = "starting";
                            break;
                        case ("running", ""):
                            return HealthCheckResult.Unhealthy("The container has no health command, so nobody knows how it is.");
                        default:
                            return HealthCheckResult.Unhealthy($"The container is {parts[0]} {parts[1]}. {LastLine(parts[2])}".TrimEnd());
                    }
                }

                await feed.WaitAsync(change, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The container is {seen} after {Patience.TotalSeconds:0} s.");
        }
        catch (ContainerEngineException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    private static string LastLine(string log) =>
        log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
}
