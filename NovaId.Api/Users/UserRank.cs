using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using NovaId.Api.Http;
using NovaId.Api.Ranks;
using NovaId.Api.Versions;

namespace NovaId.Api.Users;

/// <summary>The rank a person has now.</summary>
/// <param name="Id">The person.</param>
/// <param name="Rank">The rank, if there is one.</param>
internal sealed record UserRank(Guid Id, Rank? Rank)
{
    /// <summary>The version.</summary>
    [JsonIgnore]
    public EntityTagHeaderValue Tag => EntityTag.Of(this, ApiJson.Default.UserRank);
}
