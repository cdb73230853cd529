using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.OpenApi;
using NovaId.Api.Ranks;
using NovaId.Api.Versions;

namespace NovaId.Api.Users;

/// <summary>A person and their rank.</summary>
/// <param name="Id">The id of the identity.</param>
/// <param name="Email">The address to log in with.</param>
/// <param name="Name">The name, if it was given.</param>
/// <param name="State">active or inactive.</param>
/// <param name="CreatedAt">When the person registered.</param>
/// <param name="Rank">The rank, if there is one.</param>
internal sealed record UserWithRank(
    Guid Id,
    string Email,
    PersonNameModel? Name,
    [property: NamedValues(NamedValues.PersonState)] string State,
    DateTimeOffset CreatedAt,
    Rank? Rank)
{
    /// <summary>The version.</summary>
    [JsonIgnore]
    public EntityTagHeaderValue Tag => EntityTag.Of(this, ApiJson.Default.UserWithRank);

    public static UserWithRank Of(Identity identity, Rank? rank) =>
        new(identity.Id, identity.Traits.Email, PersonNameModel.Of(identity), identity.State, identity.CreatedAt, rank);
}
