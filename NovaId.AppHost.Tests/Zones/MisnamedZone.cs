using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>A container zone whose mail catcher and dashboard have certificates for a name that nobody calls them by.</summary>
public sealed class MisnamedZone() : CapturedZone([])
{
    /// <summary>That name.</summary>
    internal const string Name = "somebody-else";

    private protected override string? Prepare(IDistributedApplicationTestingBuilder builder)
    {
        // Behind whoever gives the dashboard its certificate.
        builder.Services.AddSingleton<IDistributedApplicationEventingSubscriber, Renaming>();
        return base.Prepare(builder);
    }

    private sealed class Renaming : IDistributedApplicationEventingSubscriber
    {
        public Task SubscribeAsync(IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
        {
            eventing.Subscribe<BeforeStartEvent>((starting, _) =>
            {
                foreach (var resource in starting.Model.Resources.Where(resource => resource.Name is "mail" or "aspire-dashboard"))
                {
                    resource.Annotations.OfType<CertificateFilesAnnotation>().Single().Names = [Name];
                }

                return Task.CompletedTask;
            });
            return Task.CompletedTask;
        }
    }
}
