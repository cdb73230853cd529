namespace NovaId.Tests.Zones;

/// <summary>An emulator whose services can be made to fail: one for each group of such cases, since nobody else can work on it meanwhile.</summary>
public sealed class FaultyEmulatorZone() : EmulatorZone(canFail: true);
