namespace NovaId.Api.Gateway;

/// <summary>A JWK (RFC 7517, section 4): the members of an elliptic curve key.</summary>
internal sealed record JsonWebKey
{
    public required string Kty { get; init; }

    public string? Kid { get; init; }

    public string? Use { get; init; }

    public string? Alg { get; init; }

    public string? Crv { get; init; }

    public string? X { get; init; }

    public string? Y { get; init; }
}
