using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using NovaId.AppHost.Tests.Captures;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>A container zone with the dashboard, of which every network is listened to from before its first container starts.</summary>
public abstract class CapturedZone : ContainerZone
{
    private readonly Listener _listener;

    private protected CapturedZone(Dictionary<string, string> settings)
        : base(settings)
    {
        _listener = new(Instance);
        RunDashboard();
    }

    /// <summary>Where browsers of this machine reach the demo through a network of the zone; null where it stands on none.</summary>
    internal virtual Uri? Demo => null;

    /// <summary>What is heard.</summary>
    internal ZoneCapture Capture => _listener.Capture ?? throw new InvalidOperationException("Nothing is heard before the zone starts.");

    private protected override string? Prepare(IDistributedApplicationTestingBuilder builder)
    {
        // Behind whoever makes the networks.
        builder.Services.AddSingleton<IDistributedApplicationEventingSubscriber>(_listener);
        return PacketSocket.Missing();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await (_listener.Capture?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private sealed class Listener(string instance) : IDistributedApplicationEventingSubscriber
    {
        public ZoneCapture? Capture { get; private set; }

        public Task SubscribeAsync(IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
        {
            eventing.Subscribe<BeforeStartEvent>(async (starting, _) => Capture = await ZoneCapture.BeginAsync(
                starting.Model.Resources.OfType<ContainerNetworkResource>().ToDictionary(network => network.EngineName, network => network.Name), instance));
            return Task.CompletedTask;
        }
    }
}
