using System.Collections.Concurrent;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Hosting;

namespace NovaId.AppHost.Startup;

/// <summary>
/// Says on the console which resource did not start and why. Aspire shows it in the dashboard alone, and whoever waits in a terminal or a
/// test sees nothing but that nothing comes.
/// </summary>
internal sealed class FailureReporter(
    ResourceNotificationService notifications, ResourceLoggerService loggers, IHostApplicationLifetime lifetime, ContainerEngine? engine = null)
    : IDistributedApplicationEventingSubscriber
{
    private const int Lines = 6;
    private const string Error = "Error";
    private const string ImageRemedy =
        "Check the way to the registry, or name a mirror: --Images:Registry=…. What is on this machine is taken with --Images:PullPolicy=Missing or Never.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, bool> _reported = [];
    private readonly ConcurrentDictionary<string, bool> _starting = [];

    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        // A hosted service would be too late: the host starts the next one when everything that waits has started.
        eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            _ = Task.Run(() => WatchAsync(lifetime.ApplicationStopping), CancellationToken.None);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (change is { Resource: ContainerResource container, Snapshot.State.Text: var state } && state == KnownResourceStates.Starting)
                {
                    _ = WatchStartAsync(container, change.ResourceId, stoppingToken);
                }

                // What waits for something that failed is not the cause, and has written no line of its own.
                if (HasFailed(change.Snapshot) && !lifetime.ApplicationStopping.IsCancellationRequested && _reported.TryAdd(change.ResourceId, true))
                {
                    _ = ReportAsync(change, stoppingToken);
                }
                else if (change.Snapshot.State?.Text == KnownResourceStates.Running)
                {
                    _reported.TryRemove(change.ResourceId, out _);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }

    private static bool HasFailed(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.FailedToStart
        || (KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text) && snapshot.ExitCode is not (null or 0));

    private async Task ReportAsync(ResourceEvent change, CancellationToken cancellationToken)
    {
        var lines = await LastLinesAsync(change.ResourceId, cancellationToken);
        if (lines.Count == 0)
        {
            return;
        }

        if (lines.Any(IsRefusedImage))
        {
            lines.Add(ImageRemedy);
        }

        var end = change.Snapshot.ExitCode is { } code ? $"ended with exit code {code}" : "did not start";
        await Console.Error.WriteLineAsync($"NovaId: '{change.Resource.Name}' {end}:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", lines)}");
    }

    /// <summary>
    /// An image that cannot be had is asked for several times before the container counts as failed. Whoever waits is told at the first.
    /// </summary>
    private async Task WatchStartAsync(ContainerResource container, string resourceId, CancellationToken stoppingToken)
    {
        if (!_starting.TryAdd(resourceId, true))
        {
            return;
        }

        try
        {
            // To read the log of each that starts made the whole start five seconds longer. With its image there, the container is made by then.
            await Task.Delay(StartTime, stoppingToken);
            if (!IsStarting(resourceId) || await IsMadeAsync(container, stoppingToken))
            {
                return;
            }

            await foreach (var batch in loggers.WatchAsync(resourceId).WithCancellation(stoppingToken))
            {
                if (!IsStarting(resourceId))
                {
                    return;
                }

                if (batch.Select(line => line.Content).FirstOrDefault(IsRefusedImage) is { } refusal && _reported.TryAdd(resourceId, true))
                {
                    await Console.Error.WriteLineAsync(
                        $"""
                        NovaId: '{container.Name}' cannot get its image {(container.TryGetContainerImageName(out var image) ? image : "")}:
                          {refusal[refusal.IndexOf(Error, StringComparison.Ordinal)..]}
                          {ImageRemedy}
                        """);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
        finally
        {
            _starting.TryRemove(resourceId, out _);
        }
    }

    private bool IsStarting(string resourceId) =>
        notifications.TryGetCurrentState(resourceId, out var current) && current.Snapshot.State?.Text == KnownResourceStates.Starting;

    private async Task<bool> IsMadeAsync(ContainerResource container, CancellationToken cancellationToken)
    {
        if (engine is null || container.Annotations.OfType<ContainerNameAnnotation>().LastOrDefault() is not { } named)
        {
            return false;
        }

        try
        {
            return (await engine.TryRunAsync(["container", "inspect", "--format", "{{.Id}}", named.Name], cancellationToken)).Succeeded;
        }
        catch (ContainerEngineException)
        {
            return false;
        }
    }

    /// <summary>What the engine says of a registry that it cannot reach, or that has not the image or does not give it.</summary>
    private static bool IsRefusedImage(string line) =>
        line.Contains(Error, StringComparison.Ordinal)
        && (line.Contains("/v2/", StringComparison.Ordinal)
            || line.Contains("pull access", StringComparison.Ordinal)
            || line.Contains("manifest", StringComparison.Ordinal)
            || line.Contains("No such image", StringComparison.OrdinalIgnoreCase)
            || line.Contains("not found", StringComparison.Ordinal));

    /// <summary>What Aspire writes into every program's log about how it starts it.</summary>
    private static bool IsOfTheHost(string line) =>
        line.Contains("[sys]", StringComparison.Ordinal) || line.Contains("certificate authorit", StringComparison.Ordinal);

    private async Task<List<string>> LastLinesAsync(string resourceId, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var last = new Queue<string>();
        try
        {
            await foreach (var batch in loggers.WatchAsync(resourceId).WithCancellation(patience.Token))
            {
                foreach (var line in batch.Where(line => !IsOfTheHost(line.Content)))
                {
                    last.Enqueue(line.Content);
                    if (last.Count > Lines)
                    {
                        last.Dequeue();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What has been said by now is what there is to say.
        }

        return [.. last];
    }
}
