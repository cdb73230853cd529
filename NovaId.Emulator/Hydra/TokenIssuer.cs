using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// Gives OpenIddict's sign-in the tokens of Hydra's making: opaque ones that are kept here, and ID tokens with Hydra's claims.
/// </summary>
internal sealed class TokenIssuer(HydraSettings settings, TokenStore tokens, SigningKeys keys, TimeProvider time)
    : IOpenIddictServerHandler<ProcessSignInContext>, IOpenIddictServerHandler<GenerateTokenContext>
{
    /// <summary>Which tokens there are is Hydra's decision; OpenIddict's own was to look at the scopes.</summary>
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.Transaction.GetProperty<TokenGrant>(nameof(TokenGrant)) is { } grant)
        {
            context.GenerateIdentityToken = context.IncludeIdentityToken = grant.IdTokenLifespan is not null;
            context.GenerateRefreshToken = context.IncludeRefreshToken = grant.RefreshToken is not null;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        var transaction = context.Transaction;
        context.Token = context.TokenType switch
        {
            TokenTypeIdentifiers.Private.AuthorizationCode =>
                tokens.AddCode(transaction.GetProperty<AuthorizationCode>(nameof(AuthorizationCode))!),
            TokenTypeIdentifiers.AccessToken => transaction.GetProperty<IssuedTokens>(nameof(IssuedTokens))!.AccessToken,
            TokenTypeIdentifiers.RefreshToken => transaction.GetProperty<IssuedTokens>(nameof(IssuedTokens))!.RefreshToken,
            TokenTypeIdentifiers.IdentityToken =>
                CreateIdToken(transaction.GetProperty<TokenGrant>(nameof(TokenGrant))!, context.Principal.GetClaim(Claims.AccessTokenHash)),
            var other => throw new InvalidOperationException($"Hydra issues no {other}."),
        };
        return ValueTask.CompletedTask;
    }

    private string CreateIdToken(TokenGrant grant, string? accessTokenHash)
    {
        var now = time.GetUtcNow();
        var claims = (grant.Session.IdToken with { IssuedAt = now }).ToClaims(settings.Issuer);
        claims["exp"] = (now + grant.IdTokenLifespan!.Value).ToUnixTimeSeconds();
        claims["jti"] = Guid.NewGuid().ToString();
        claims["at_hash"] = accessTokenHash;
        return keys.Sign(claims);
    }
}
