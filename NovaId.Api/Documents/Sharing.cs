using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using NovaId.Api.Http;
using NovaId.Api.Ranks;
using NovaId.Api.Versions;

namespace NovaId.Api.Documents;

/// <summary>Whom a document is shared with, in whole.</summary>
internal sealed record Sharing
{
    public const int MaximumShares = 100;

    /// <summary>Who may change it.</summary>
    [MaxLength(MaximumShares)]
    public required IReadOnlyList<Share> Editors { get; init; }

    /// <summary>Who may read it.</summary>
    [MaxLength(MaximumShares)]
    public required IReadOnlyList<Share> Viewers { get; init; }

    /// <summary>Whoever holds this rank or a higher one may read it; null, or nothing, for nobody by rank.</summary>
    public Rank? MinimumRank { get; init; }

    /// <summary>The version.</summary>
    [JsonIgnore]
    public EntityTagHeaderValue Tag => EntityTag.Of(this, ApiJson.Default.Sharing);

    /// <exception cref="RefusalException">A share names nobody, two, or no UUID; or there are too many.</exception>
    public void Validate()
    {
        if (Editors.Count > MaximumShares || Viewers.Count > MaximumShares)
        {
            throw Refusal.BadRequest($"editors and viewers may hold {MaximumShares} shares each.").AsException();
        }

        if (!Editors.Concat(Viewers).All(IsOneOf))
        {
            throw Refusal.BadRequest("A share names either a user by a UUID in lower case, or a rank.").AsException();
        }
    }

    private static bool IsOneOf(Share? share) => share switch
    {
        { User: { } user, Rank: null } => CanonicalUuid.TryParse(user, out _),
        { User: null, Rank: not null } => true,
        _ => false,
    };
}
