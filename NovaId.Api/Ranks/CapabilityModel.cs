namespace NovaId.Api.Ranks;

/// <summary>A capability and the ranks that have it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ranks">Those who may do it by their rank, the highest first.</param>
internal sealed record CapabilityModel(string Name, IReadOnlyList<Rank> Ranks);
