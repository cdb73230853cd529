namespace NovaId.Accounts.Keys;

/// <summary>A page of the person's API keys.</summary>
public sealed record ApiKeys(IReadOnlyList<ApiKey> Items, string? NextPageToken);
