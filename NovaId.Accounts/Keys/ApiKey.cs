namespace NovaId.Accounts.Keys;

/// <summary>An API key, as the API lists it.</summary>
public sealed record ApiKey(
    string Id, string? Name, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? Capabilities, DateTimeOffset? CreatedAt, string? ClientSecret)
{
    /// <summary>The key without its secret, so that no log shows it.</summary>
    public override string ToString() => Id;
}
