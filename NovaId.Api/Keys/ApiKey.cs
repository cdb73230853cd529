using System.ComponentModel.DataAnnotations;
using NovaId.Api.Gateway;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Keys;

/// <summary>An API key, without its secret.</summary>
/// <param name="Id">The client id to ask for tokens with.</param>
/// <param name="Name">What it is for.</param>
/// <param name="OwnerId">Who made it.</param>
/// <param name="Scopes">What its tokens may be used for.</param>
/// <param name="Capabilities">The capabilities it was made with; each counts while the owner has it too.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record ApiKey(
    [property: RegularExpression(ApiKeyId.Pattern)] string Id,
    string Name,
    Guid OwnerId,
    [property: NamedValues(NamedValues.Scope)] IReadOnlyList<string> Scopes,
    [property: NamedValues(NamedValues.Capability)] IReadOnlyList<string> Capabilities,
    DateTimeOffset CreatedAt)
{
    /// <summary>The keys among the clients that a person owns: somebody may have set up others for them, and those are no keys.</summary>
    public static IReadOnlyList<ApiKey> AmongClients(IEnumerable<OAuth2Client> clients, Guid owner) =>
    [
        .. clients.Select(client => ApiKeyId.TryParse(client.ClientId, out var id) && id.OwnerId == owner ? Of(client, id) : null)
            .OfType<ApiKey>(),
    ];

    public static ApiKey Of(OAuth2Client client, ApiKeyId id) => new(
        client.ClientId,
        client.ClientName ?? "",
        id.OwnerId,
        (client.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        client.Metadata?.Capabilities ?? [],
        client.CreatedAt ?? throw new GatewayUnavailableException(GatewayService.Hydra, "answered with a client that was never made."));
}
