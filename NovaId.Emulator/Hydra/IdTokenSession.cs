using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>What an ID token of a session says, apart from what is new in every token.</summary>
internal sealed record IdTokenSession
{
    public string Subject { get; init; } = "";

    public IReadOnlyList<string> Audience { get; init; } = [];

    public string Nonce { get; init; } = "";

    public required DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset? RequestedAt { get; init; }

    public DateTimeOffset? AuthenticatedAt { get; init; }

    public string Acr { get; init; } = "";

    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>The claims that whoever accepted the consent added, and the id of the login session.</summary>
    public JsonObject Extra { get; init; } = [];

    /// <summary>The claims that do not change from token to token.</summary>
    public JsonObject ToClaims(string issuer)
    {
        var claims = (JsonObject)Extra.DeepClone();
        claims["iss"] = issuer;
        claims["aud"] = ClientMetadata.ToArray(Audience);
        claims["iat"] = IssuedAt.ToUnixTimeSeconds();
        Set(claims, "sub", Subject.Length > 0 ? Subject : null);
        Set(claims, "nonce", Nonce.Length > 0 ? Nonce : null);
        Set(claims, "acr", Acr.Length > 0 ? Acr : null);
        Set(claims, "amr", Amr.Count > 0 ? ClientMetadata.ToArray(Amr) : null);
        Set(claims, "rat", RequestedAt?.ToUnixTimeSeconds());
        Set(claims, "auth_time", AuthenticatedAt?.ToUnixTimeSeconds());
        return claims;
    }

    /// <summary>A claim of the protocol is never one that the consent made up: without a value it is absent.</summary>
    private static void Set(JsonObject claims, string name, JsonNode? value)
    {
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value;
        }
    }
}
