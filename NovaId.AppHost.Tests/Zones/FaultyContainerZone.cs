using NovaId.Contract;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>A container zone for cases that stop, pause and restart its services, one after the other.</summary>
public sealed class FaultyContainerZone : ContainerZone
{
    public FaultyContainerZone() => Faults = new ContainerFaults(this);

    public override IFaults? Faults { get; }
}
