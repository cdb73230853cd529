namespace NovaId.Admin.Keys;

/// <summary>API keys, where the next page is, and whether one was just revoked.</summary>
public sealed record KeysModel(IReadOnlyList<OwnedKey> Keys, string? Next, bool IsRevoked);
