namespace NovaId.Admin.Keys;

/// <summary>A page of API keys.</summary>
public sealed record OwnedKeys(IReadOnlyList<OwnedKey> Items, string? NextPageToken);
