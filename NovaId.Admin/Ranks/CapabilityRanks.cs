namespace NovaId.Admin.Ranks;

/// <summary>A capability and the ranks that have it.</summary>
public sealed record CapabilityRanks(string Name, IReadOnlyList<string> Ranks);
