using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Emulator.Hydra;

/// <summary>The keys that Hydra publishes: one signs ID tokens, the other would sign access tokens if they were JWTs.</summary>
internal sealed class SigningKeys : IDisposable
{
    private readonly DeferredRsa _idTokenRsa = new();
    private readonly DeferredRsa _accessTokenRsa = new();
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public SigningKeys()
    {
        IdToken = Credentials(_idTokenRsa);
        AccessToken = Credentials(_accessTokenRsa);
    }

    public SigningCredentials IdToken { get; }

    public SigningCredentials AccessToken { get; }

    public string Sign(JsonObject claims) => _handler.CreateToken(claims.ToJsonString(), IdToken);

    /// <summary>The claims of an ID token of ours that somebody hands back as a hint, expired or not; null if it is none of ours.</summary>
    public async Task<JsonObject?> ReadHintAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = IdToken.Key,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt }
            ? JsonNode.Parse(Base64UrlEncoder.Decode(jwt.EncodedPayload)) as JsonObject
            : null;
    }

    public void Dispose()
    {
        _idTokenRsa.Dispose();
        _accessTokenRsa.Dispose();
    }

    private static SigningCredentials Credentials(DeferredRsa rsa) =>
        new(new RsaSecurityKey(rsa) { KeyId = Guid.NewGuid().ToString() }, SecurityAlgorithms.RsaSha256);
}
