using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Hears from the engine when the health of a container changes, so that nothing has to ask again and again. A feed that breaks off is
/// taken up again; whoever waits asks the engine itself now and then in any case.
/// </summary>
internal sealed partial class ContainerHealthFeed(ContainerEngine engine, ILogger<ContainerHealthFeed> logger, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseWhileHearing = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = [];
    private bool _isListening;
    private volatile bool _isHearing;

    /// <summary>Completes at the container's next change. Whoever asks first begins to listen, until the application stops.</summary>
    public Task NextChange(string containerName)
    {
        if (Interlocked.Exchange(ref _isListening, true) is false)
        {
            _ = Task.Run(() => ListenAsync(lifetime.ApplicationStopping));
        }

        return _waiting.GetOrAdd(containerName, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Waits for a change, but not for ever.</summary>
    public async Task WaitAsync(Task change, CancellationToken cancellationToken)
    {
        await Task.WhenAny(change, Task.Delay(_isHearing ? PauseWhileHearing : Pause, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "events", "--filter", "type=container", "--filter", "event=health_status", "--filter", "event=die", "--filter", "event=start",
            "--format", "{{.Actor.Attributes.name}}",
        ];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var name in engine.StreamAsync(arguments, cancellationToken))
                {
                    _isHearing = true;
                    if (_waiting.TryRemove(name.Trim(), out var change))
                    {
                        change.TrySetResult();
                    }
                }

                _isHearing = false;
                await Task.Delay(Pause, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ContainerEngineException exception)
            {
                _isHearing = false;
                LogBroken(exception.Message);
                return;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The engine's events cannot be heard; health is asked for instead. {Reason}")]
    private partial void LogBroken(string reason);
}
