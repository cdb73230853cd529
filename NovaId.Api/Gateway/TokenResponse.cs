namespace NovaId.Api.Gateway;

/// <summary>An access token response (RFC 6749, section 5.1).</summary>
internal sealed record TokenResponse
{
    public required string AccessToken { get; init; }

    public required string TokenType { get; init; }

    public required long ExpiresIn { get; init; }
}
