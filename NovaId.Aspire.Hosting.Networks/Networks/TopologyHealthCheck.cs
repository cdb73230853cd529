using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Networks;

/// <summary>Healthy while the engine shows what the model declares; otherwise it names every difference.</summary>
internal sealed class TopologyHealthCheck(DistributedApplicationModel model, ContainerEngine engine, TopologyObserver observer, TopologyVisitors visitors) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var differences = await DifferencesAsync(cancellationToken);
            if (differences.Count > 0)
            {
                return HealthCheckResult.Unhealthy($"The networks are not as declared: {string.Join("; ", differences)}.");
            }
        }
        catch (ContainerEngineException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }

        return HealthCheckResult.Healthy(engine.CanIsolate ? "The networks are as declared." : NetworkLifecycle.WithoutIsolation(engine));
    }

    /// <summary>What is not as declared.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken cancellationToken)
    {
        ContainerNetworkResource[] networks = [.. model.Resources.OfType<ContainerNetworkResource>()];
        // Who is announced later, or forgotten earlier, is in one of the two.
        var visitorsBefore = visitors.Names;
        var seenNetworks = observer.NetworksAsync(networks.Select(network => network.EngineName), cancellationToken);
        var seenContainers = observer.ContainersAsync(cancellationToken);
        ObservedContainer[] containers =
            [.. (await seenContainers).Where(container => !visitorsBefore.Contains(container.Name) && !visitors.Names.Contains(container.Name))];
        return Topology.Differences(networks, NetworkMember.All(model), engine.CanIsolate, await seenNetworks, containers);
    }
}
