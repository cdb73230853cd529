namespace NovaId.Api.Gateway;

/// <summary>The API's own access token.</summary>
/// <param name="Value">The opaque token.</param>
/// <param name="RefreshAt">From when on the next one is fetched, while this one still serves.</param>
/// <param name="ExpiresAt">From when on it must not be used.</param>
internal sealed record ServiceToken(string Value, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The token as a request carries it.</summary>
    public string Authorization { get; } = $"Bearer {Value}";

    /// <summary>When it ends, without what it is.</summary>
    public override string ToString() => $"until {ExpiresAt:O}";
}
