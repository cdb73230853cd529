namespace NovaId.AppHost.Tests.Zones;

/// <summary>The zone as it starts where nothing is said.</summary>
public sealed class CapturedOpenZone() : CapturedZone([]);
