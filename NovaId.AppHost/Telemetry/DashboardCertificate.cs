using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;

namespace NovaId.AppHost.Telemetry;

/// <summary>
/// Gives the dashboard a certificate for the name by which containers know its OTLP endpoint; its pages and its own way from the AppHost are as
/// they were. It reads the certificate when it starts and never again, and is not started again for another: it would forget its traces.
/// </summary>
/// <param name="builder">The application's builder.</param>
/// <param name="authority">The authority that signs it.</param>
/// <param name="name">The name.</param>
internal sealed class DashboardCertificate(IDistributedApplicationBuilder builder, IResourceBuilder<CertificateAuthorityResource> authority, string name)
    : IDistributedApplicationEventingSubscriber
{
    /// <summary>Aspire's name of the dashboard.</summary>
    internal const string Dashboard = "aspire-dashboard";

    /// <summary>Kestrel's name of the endpoint that takes telemetry over HTTP.</summary>
    private const string Endpoint = "Kestrel__Endpoints__OtlpHttp__Certificate";

    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        // Aspire adds the dashboard when this event comes, before anybody else hears of it.
        eventing.Subscribe<BeforeStartEvent>((started, _) =>
        {
            foreach (var dashboard in started.Model.Resources.OfType<ExecutableResource>().Where(resource => resource.Name == Dashboard))
            {
                builder.CreateResourceBuilder(dashboard)
                    .WithServerCertificateFiles(authority, $"{Endpoint}__Path", $"{Endpoint}__KeyPath", name)
                    .WithCertificateReadOnce();
            }

            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }
}
