namespace NovaId.Api.Keys;

/// <summary>An API key and whose it is.</summary>
/// <param name="Id">The client id to ask for tokens with.</param>
/// <param name="Name">What it is for.</param>
/// <param name="OwnerId">Who made it.</param>
/// <param name="OwnerEmail">The owner's address; null if there is no such person any more.</param>
/// <param name="Scopes">What its tokens may be used for.</param>
/// <param name="Capabilities">The capabilities it was made with; each counts while the owner has it too.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record OwnedApiKey(
    string Id,
    string Name,
    Guid OwnerId,
    string? OwnerEmail,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Capabilities,
    DateTimeOffset CreatedAt);
