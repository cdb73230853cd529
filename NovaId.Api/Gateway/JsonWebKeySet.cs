namespace NovaId.Api.Gateway;

/// <summary>A JWK Set (RFC 7517, section 5).</summary>
internal sealed record JsonWebKeySet
{
    public required JsonWebKey[] Keys { get; init; }
}
