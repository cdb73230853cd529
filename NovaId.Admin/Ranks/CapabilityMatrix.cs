namespace NovaId.Admin.Ranks;

/// <summary>Which rank may do what, as Keto holds it now.</summary>
public sealed record CapabilityMatrix(IReadOnlyList<CapabilityRanks> Capabilities);
