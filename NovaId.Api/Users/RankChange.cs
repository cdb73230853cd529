using NovaId.Api.Ranks;

namespace NovaId.Api.Users;

/// <summary>The rank a person is to have.</summary>
internal sealed record RankChange
{
    /// <summary>The rank; null, or nothing, takes away the one they have.</summary>
    public Rank? Rank { get; init; }
}
