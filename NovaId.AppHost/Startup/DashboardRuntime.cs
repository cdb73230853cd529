using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using NovaId.AppHost.Telemetry;

namespace NovaId.AppHost.Startup;

/// <summary>
/// Has the dashboard compile its code once while everything starts, and the second time when nothing new has been asked of it for some
/// seconds: otherwise it takes a processor second from what somebody waits for.
/// </summary>
internal sealed class DashboardRuntime : IDistributedApplicationEventingSubscriber
{
    /// <summary>What .NET reads as hexadecimal: 5,000 ms.</summary>
    private const string Delay = "1388";

    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        // Aspire adds the dashboard when this event comes, before anybody else hears of it.
        eventing.Subscribe<BeforeStartEvent>((started, _) =>
        {
            foreach (var dashboard in started.Model.Resources.Where(resource => resource.Name == DashboardCertificate.Dashboard))
            {
                dashboard.Annotations.Add(new EnvironmentCallbackAnnotation(environment =>
                {
                    environment["DOTNET_TC_CallCountingDelayMs"] = Delay;
                    environment["DOTNET_TieredPGO"] = "0";
                }));
            }

            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }
}
