using System.Net.NetworkInformation;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Makes the networks before anything starts, removes what an application left that was killed, and removes its own networks when every
/// container is gone. What cannot be made ends the start.
/// </summary>
internal sealed partial class NetworkLifecycle(
    DistributedApplicationModel model,
    ContainerEngine engine,
    ResourceNotificationService notifications,
    ILogger<NetworkLifecycle> logger) : IDistributedApplicationEventingSubscriber, IHostedLifecycleService, IAsyncDisposable
{
    private const int RemovalAttempts = 20;
    private static readonly TimeSpan RemovalPause = TimeSpan.FromMilliseconds(250);

    private bool _created;

    private ContainerNetworkResource[] Networks => [.. model.Resources.OfType<ContainerNetworkResource>()];

    public static string WithoutIsolation(ContainerEngine engine) =>
        $"Docker Engine {engine.Version} cannot keep this machine out of the private network: its programs reach the private services. "
        + $"Docker Engine {ContainerEngine.FirstWithIsolation} or newer can.";

    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        if (executionContext.IsRunMode)
        {
            eventing.Subscribe<BeforeStartEvent>((_, token) => CreateAsync(token));
        }

        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => RemoveOwnAsync(withContainers: false);

    /// <summary>An application that is stopped while it starts is disposed of without being told that it has stopped, and Aspire leaves the
    /// containers to be removed when nobody can remove their networks any more.</summary>
    public async ValueTask DisposeAsync() => await RemoveOwnAsync(withContainers: true);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        foreach (var container in model.GetContainerResources().Where(IsUnplaced))
        {
            throw new DistributedApplicationException(
                $"The container '{container.Name}' is declared on no network. Say .OnNetworks(…) of it: Aspire would put it on the private one.");
        }

        await engine.EnsureUsableAsync(cancellationToken);
        if (!engine.CanIsolate)
        {
            LogWithoutIsolation(WithoutIsolation(engine));
        }

        await RemoveForsakenAsync(cancellationToken);
        _created = true;
        await Task.WhenAll(Networks.Select(network => CreateAsync(network, cancellationToken)));
    }

    private static bool IsUnplaced(IResource container) =>
        !container.Annotations.OfType<NetworkAttachmentAnnotation>().Any() && !container.Annotations.OfType<ExplicitStartupAnnotation>().Any();

    private async Task CreateAsync(ContainerNetworkResource network, CancellationToken cancellationToken)
    {
        string[] options = [.. network.Options(engine.CanIsolate).SelectMany(option => (string[])["--opt", $"{option.Key}={option.Value}"])];
        string[] inside = network.IsInternal ? ["--internal"] : [];
        string[] arguments =
        [
            "network", "create", "--driver", "bridge", .. inside, .. options, "--label", $"{NetworkOwner.Label}={NetworkOwner.Current}", network.EngineName,
        ];
        var outcome = await engine.TryRunAsync(arguments, cancellationToken);
        if (!outcome.Succeeded)
        {
            throw new ContainerEngineException(
                $"The network '{network.Name}' cannot be made: {outcome.Error.Trim()} Remove networks that nobody uses with '{engine.Program} network prune' and start again.");
        }

        var inspected = await engine.RunAsync(
            ["network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}} {{(index .IPAM.Config 0).Subnet}}", network.EngineName], cancellationToken);
        var parts = inspected.Split(' ', StringSplitOptions.TrimEntries);
        if (network is EdgeNetworkResource edge)
        {
            edge.Created(parts[0], IsOfThisMachine(parts[0]));
        }

        await notifications.PublishUpdateAsync(network, snapshot => snapshot with
        {
            State = KnownResourceStates.Running,
            StartTimeStamp = DateTime.UtcNow,
            Properties =
            [
                Shown("Name", network.EngineName),
                Shown("Subnet", parts.ElementAtOrDefault(1)),
                Shown("Internal", network.IsInternal),
                .. network.Options(engine.CanIsolate).Select(option => Shown(option.Key, option.Value)),
            ],
        });
    }

    /// <summary>The dashboard hides a property that it does not know, unless it is told otherwise.</summary>
    private static ResourcePropertySnapshot Shown(string name, object? value) => new(name, value) { IsHighlighted = true };

    private static bool IsOfThisMachine(string address) =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(face => face.GetIPProperties().UnicastAddresses)
            .Any(unicast => unicast.Address.ToString() == address);

    private async Task RemoveOwnAsync(bool withContainers)
    {
        if (!_created)
        {
            return;
        }

        _created = false;
        try
        {
            // A network that somebody else made under the same name is theirs, and so is whatever stands on it.
            var own = await ListAsync($"label={NetworkOwner.Label}={NetworkOwner.Current}", "{{.Name}}", CancellationToken.None);
            await Task.WhenAll(own.Intersect(Networks.Select(network => network.EngineName)).Select(name => RemoveAsync(name, withContainers)));
        }
        catch (ContainerEngineException exception)
        {
            LogLeft(string.Join(", ", Networks.Select(network => network.EngineName)), exception.Message);
        }
    }

    private async Task<string[]> ListAsync(string filter, string format, CancellationToken cancellationToken)
    {
        var output = await engine.RunAsync(["network", "ls", "--filter", filter, "--format", format], cancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>A killed application cannot clear up after itself: its networks carry its name, and it runs no longer.</summary>
    private async Task RemoveForsakenAsync(CancellationToken cancellationToken)
    {
        foreach (var line in await ListAsync($"label={NetworkOwner.Label}", $"{{{{.Name}}}}\t{{{{.Label \"{NetworkOwner.Label}\"}}}}", cancellationToken))
        {
            if (line.Split('\t') is [var name, var owner] && NetworkOwner.HasEnded(owner))
            {
                LogForsaken(name);
                await RemoveAsync(name, withContainers: true);
            }
        }
    }

    private async Task RemoveContainersAsync(string network)
    {
        var output = await engine.RunAsync(["ps", "--all", "--quiet", "--filter", $"network={network}"], CancellationToken.None);
        string[] containers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (containers.Length > 0)
        {
            await engine.TryRunAsync(["rm", "--force", "--volumes", .. containers], CancellationToken.None);
        }
    }

    private async Task RemoveAsync(string network, bool withContainers)
    {
        // The last containers may still be on their way out.
        for (var attempt = 0; attempt < RemovalAttempts; attempt++)
        {
            try
            {
                if (withContainers)
                {
                    await RemoveContainersAsync(network);
                }

                var outcome = await engine.TryRunAsync(["network", "rm", network], CancellationToken.None);
                if (outcome.Succeeded || outcome.Error.Contains("not found", StringComparison.OrdinalIgnoreCase))
                {
                    return;
                }
            }
            catch (ContainerEngineException exception)
            {
                LogLeft(network, exception.Message);
                return;
            }

            await Task.Delay(RemovalPause);
        }

        LogLeft(network, "Something is still attached to it; the next start removes it.");
    }

    [LoggerMessage(1, LogLevel.Warning, "{Missing}")]
    private partial void LogWithoutIsolation(string missing);

    [LoggerMessage(2, LogLevel.Information, "Removing the network {Network}, which an application left that has ended.")]
    private partial void LogForsaken(string network);

    [LoggerMessage(3, LogLevel.Warning, "The network {Network} could not be removed. {Reason}")]
    private partial void LogLeft(string network, string reason);
}
