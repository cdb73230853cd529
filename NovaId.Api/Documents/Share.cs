using System.ComponentModel.DataAnnotations;
using NovaId.Api.Http;
using NovaId.Api.Ranks;

namespace NovaId.Api.Documents;

/// <summary>Whom a document is shared with: one person, or everyone of exactly one rank.</summary>
internal sealed record Share
{
    /// <summary>A person's id: a UUID in lower case.</summary>
    [RegularExpression(CanonicalUuid.Pattern)]
    public string? User { get; init; }

    /// <summary>A rank.</summary>
    public Rank? Rank { get; init; }
}
