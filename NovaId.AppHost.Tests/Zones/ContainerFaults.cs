using Aspire.Hosting.ApplicationModel;
using NovaId.Contract;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>What can happen to a container: it is stopped, or it hangs. How its answers go wrong, the zones show that have something
/// standing before each service.</summary>
internal sealed class ContainerFaults(ContainerZone zone) : IFaults
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public bool Supports(FaultyService service, FaultMode mode) =>
        service != FaultyService.Gateway && mode is FaultMode.Stopped or FaultMode.Hanging;

    public bool LeavesNoAddress => true;

    public async Task<IAsyncDisposable> BeginAsync(FaultyService service, FaultMode mode, CancellationToken cancellationToken)
    {
        var resource = service.ToString().ToLowerInvariant();
        await RunAsync(resource, mode == FaultMode.Stopped ? KnownResourceCommands.StopCommand : "pause", cancellationToken);
        return new Fault(() => RecoverAsync(resource, mode == FaultMode.Stopped ? KnownResourceCommands.StartCommand : "resume"));
    }

    public long? MeasureApiMemory() => null;

    private async Task RunAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var outcome = await zone.Application.ResourceCommands.ExecuteCommandAsync(resource, command, cancellationToken);
        Assert.True(outcome.Success, $"{resource}, {command}: {outcome.Message}");
    }

    private async Task RecoverAsync(string resource, string command)
    {
        using var patience = new CancellationTokenSource(Patience);
        await RunAsync(resource, command, patience.Token);
        // A container that was just started may still be shown as the one that had ended before it.
        await zone.Application.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, patience.Token);
    }

    private sealed class Fault(Func<Task> recover) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await recover();
    }
}
