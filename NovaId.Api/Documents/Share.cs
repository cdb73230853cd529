using NovaId.Api.Ranks;

namespace NovaId.Api.Documents;

/// <summary>Whom a document is shared with: one person, or everyone of exactly one rank.</summary>
internal sealed record Share
{
    /// <summary>A person's id.</summary>
    public string? User { get; init; }

    /// <summary>A rank.</summary>
    public Rank? Rank { get; init; }
}
