using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>Makes each code and token that the server asks for: opaque ones that are kept here, and ID tokens that are signed.</summary>
internal sealed class TokenIssuer(HydraSettings settings, TokenStore tokens, SigningKeys keys, TimeProvider time)
    : IOpenIddictServerHandler<GenerateTokenContext>
{
    private const string AccessTokenProperty = "access token";

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        var transaction = context.Transaction;
        if (context.TokenType == OpenIddictConstants.TokenTypeIdentifiers.Private.AuthorizationCode)
        {
            context.Token = tokens.AddCode(transaction.GetProperty<AuthorizationCode>(nameof(AuthorizationCode))!);
            return ValueTask.CompletedTask;
        }

        var grant = transaction.GetProperty<TokenGrant>(nameof(TokenGrant))!;
        var now = time.GetUtcNow();
        switch (context.TokenType)
        {
            case OpenIddictConstants.TokenTypeIdentifiers.AccessToken:
                context.Token = tokens.AddAccessToken(new StoredToken(grant.Session, now + grant.AccessTokenLifespan));
                transaction.SetProperty(AccessTokenProperty, context.Token);
                break;
            case OpenIddictConstants.TokenTypeIdentifiers.RefreshToken:
                context.Token = tokens.AddRefreshToken(new StoredToken(grant.Session, now + grant.RefreshTokenLifespan!.Value));
                break;
            case OpenIddictConstants.TokenTypeIdentifiers.IdentityToken:
                context.Token = SignIdToken(grant, now, transaction.GetProperty<string>(AccessTokenProperty)!);
                break;
            default:
                throw new InvalidOperationException($"The server asks for a token of the kind {context.TokenType}.");
        }

        return ValueTask.CompletedTask;
    }

    private string SignIdToken(TokenGrant grant, DateTimeOffset now, string accessToken)
    {
        var claims = grant.Session.IdToken.ToClaims(settings.Issuer);
        claims["exp"] = (now + grant.IdTokenLifespan).ToUnixTimeSeconds();
        claims["jti"] = Guid.NewGuid().ToString();
        claims["at_hash"] = HalfHash(accessToken);
        return keys.Sign(claims);
    }

    /// <summary>The left half of the hash of a token (OpenID Connect Core, section 3.1.3.6).</summary>
    private static string HalfHash(string token) =>
        Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))[..(SHA256.HashSizeInBytes / 2)]);
}
