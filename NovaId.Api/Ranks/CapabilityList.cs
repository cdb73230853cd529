namespace NovaId.Api.Ranks;

/// <summary>The capabilities, and who has them by rank.</summary>
internal sealed record CapabilityList(IReadOnlyList<CapabilityModel> Capabilities);
