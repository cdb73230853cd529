namespace NovaId.Api.Gateway;

/// <summary>An OAuth2 client of Hydra.</summary>
internal sealed record OAuth2Client
{
    public required string ClientId { get; init; }

    public string? ClientName { get; init; }

    public string? ClientSecret { get; init; }

    public string? Owner { get; init; }

    public string? Scope { get; init; }

    public string[]? Audience { get; init; }

    public string[]? GrantTypes { get; init; }

    public string[]? ResponseTypes { get; init; }

    public string? TokenEndpointAuthMethod { get; init; }

    public string? AccessTokenStrategy { get; init; }

    public OAuth2ClientMetadata? Metadata { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The client without its secret, so that no log shows it.</summary>
    public override string ToString() => ClientId;
}
