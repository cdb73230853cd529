namespace NovaId.Api.Gateway;

/// <summary>What the API keeps with an API key.</summary>
internal sealed record OAuth2ClientMetadata
{
    /// <summary>The capabilities the key was made with, for lists; Keto decides.</summary>
    public string[]? Capabilities { get; init; }
}
