namespace NovaId.Tests.Zones;

/// <summary>Real Ory whose services can be made to fail, which nobody else can work on meanwhile.</summary>
public sealed class FaultyRealZone() : RealZone(canFail: true);
