using NovaId.Contract;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>What can happen to a container: it is stopped, or it hangs. How its answers go wrong, the zones show that have something
/// standing before each service.</summary>
internal sealed class ContainerFaults(ContainerZone zone) : IFaults
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public bool Supports(FaultyService service, FaultMode mode) =>
        service != FaultyService.Gateway && mode is FaultMode.Stopped or FaultMode.Hanging;

    public bool LeavesNoAddress => true;

    public async Task<IAsyncDisposable> BeginAsync(FaultyService service, FaultMode mode, CancellationToken cancellationToken)
    {
        var resource = service.ToString().ToLowerInvariant();
        if (mode == FaultMode.Hanging)
        {
            await CommandAsync(resource, "pause", cancellationToken);
            return new Fault(() => RecoverAsync(resource, patience => CommandAsync(resource, "resume", patience)));
        }

        // Not by Aspire's command: while a container is stopped by it, DCP 13.6 inspects that container without a pause, which takes one
        // processor from the zone that is to be looked at.
        await DockerAsync("stop", "--time", "2", zone.ContainerOf(resource));
        return new Fault(() => RecoverAsync(resource, _ => DockerAsync("start", zone.ContainerOf(resource))));
    }

    public bool ComesBack => true;

    public async Task KillAsync(string service, CancellationToken cancellationToken)
    {
        var container = zone.ContainerOf(service);
        var before = await StartOfAsync(container);
        // All that the service's user may kill in its container: everything but the first process, which ends when its child has.
        await Docker.RunAsync("exec", container, "sh", "-c", "kill -KILL -1");
        while (await StartOfAsync(container) == before)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    public long? MeasureApiMemory() => null;

    /// <summary>When it was started; nothing while it is down.</summary>
    private static Task<string> StartOfAsync(string container) => DockerAsync("inspect", "--format", "{{if .State.Running}}{{if not .State.Restarting}}{{.State.StartedAt}}{{end}}{{end}}", container);

    private static async Task<string> DockerAsync(params string[] arguments)
    {
        var (code, output) = await Docker.RunAsync(arguments);
        Assert.True(code == 0, output);
        return output;
    }

    private async Task CommandAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var outcome = await zone.Application.ResourceCommands.ExecuteCommandAsync(resource, command, cancellationToken);
        Assert.True(outcome.Success, $"{resource}, {command}: {outcome.Message}");
    }

    private async Task RecoverAsync(string resource, Func<CancellationToken, Task> bringBack)
    {
        using var patience = new CancellationTokenSource(Patience);
        await bringBack(patience.Token);
        while (await DockerAsync("inspect", "--format", "{{.State.Health.Status}}", zone.ContainerOf(resource)) != "healthy")
        {
            await Task.Delay(PollInterval, patience.Token);
        }
    }

    private sealed class Fault(Func<Task> recover) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await recover();
    }
}
