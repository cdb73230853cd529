using NovaId.Api.Ranks;

namespace NovaId.Api.Users;

/// <summary>The rank a person has now.</summary>
internal sealed record UserRank(Guid Id, Rank? Rank);
