using System.ComponentModel.DataAnnotations;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Keys;

/// <summary>An API key at the one moment its secret is shown.</summary>
/// <param name="Id">The client id to ask for tokens with.</param>
/// <param name="Name">What it is for.</param>
/// <param name="OwnerId">Who made it.</param>
/// <param name="Scopes">What its tokens may be used for.</param>
/// <param name="Capabilities">The capabilities it was made with; each counts while the owner has it too.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ClientSecret">The secret. It is kept nowhere and cannot be had again.</param>
/// <param name="TokenEndpointAuthMethod">How the key authenticates at the token endpoint: in the Authorization header (RFC 6749, section 2.3.1).</param>
internal sealed record CreatedApiKey(
    [property: RegularExpression(ApiKeyId.Pattern)] string Id,
    string Name,
    Guid OwnerId,
    [property: NamedValues(NamedValues.Scope)] IReadOnlyList<string> Scopes,
    [property: NamedValues(NamedValues.Capability)] IReadOnlyList<string> Capabilities,
    DateTimeOffset CreatedAt,
    string ClientSecret,
    [property: NamedValues(NamedValues.TokenEndpointAuthMethod)] string TokenEndpointAuthMethod)
{
    /// <summary>The key without its secret, so that no log shows it.</summary>
    public override string ToString() => Id;
}
