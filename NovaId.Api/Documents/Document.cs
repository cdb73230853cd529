using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using NovaId.Api.Versions;

namespace NovaId.Api.Documents;

/// <summary>A document.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Content">Its text.</param>
/// <param name="OwnerId">Who made it: a person's id, or client: and a client's.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed: later with every change.</param>
internal sealed record Document(Guid Id, string Title, string Content, string OwnerId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>The version.</summary>
    [JsonIgnore]
    public EntityTagHeaderValue Tag => EntityTag.Of(UpdatedAt.ToUnixTimeMilliseconds());
}
