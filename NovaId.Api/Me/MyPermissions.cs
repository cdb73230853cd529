using NovaId.Api.OpenApi;
using NovaId.Api.Ranks;

namespace NovaId.Api.Me;

/// <summary>What the caller may do.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Ranks">That rank and every lower one, the highest first.</param>
/// <param name="Capabilities">The capabilities, by rank or granted.</param>
internal sealed record MyPermissions(Rank? Rank, IReadOnlyList<Rank> Ranks, [property: NamedValues(NamedValues.Capability)] IReadOnlyList<string> Capabilities);
