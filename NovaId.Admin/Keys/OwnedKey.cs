namespace NovaId.Admin.Keys;

/// <summary>An API key and whose it is.</summary>
public sealed record OwnedKey(
    string Id,
    string? Name,
    string OwnerId,
    string? OwnerEmail,
    IReadOnlyList<string>? Scopes,
    IReadOnlyList<string>? Capabilities,
    DateTimeOffset? CreatedAt);
