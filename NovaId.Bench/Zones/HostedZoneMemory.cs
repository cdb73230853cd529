namespace NovaId.Bench.Zones;

/// <summary>What the managed heap of a <see cref="ZoneHost"/> holds.</summary>
internal sealed record HostedZoneMemory(long Heap);
