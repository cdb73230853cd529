namespace NovaId.Accounts.Keys;

/// <summary>The person's keys, where the next page begins, and whether one was just revoked.</summary>
public sealed record KeysModel(IReadOnlyList<ApiKey> Keys, string? Next, bool Revoked);
