namespace NovaId.Emulator.Hydra;

/// <summary>Finds the live token behind a text.</summary>
internal sealed class TokenIntrospector(TokenStore tokens, ClientStore clients, OpaqueTokenFactory factory, TimeProvider time)
{
    /// <summary>The live token, and whether it is a refresh token. The hint says where to look first, as in RFC 7662.</summary>
    /// <exception cref="OAuth2Exception">It is unknown, used, expired, revoked, or was not granted a scope asked for.</exception>
    public (StoredToken Token, bool IsRefreshToken) Introspect(string token, string hint, IReadOnlyList<string> scopes)
    {
        var refresh = tokens.FindRefreshToken(token);
        return refresh is not null && (hint == "refresh_token" || tokens.FindAccessToken(token) is null)
            ? (Validate(refresh, token, OpaqueTokenFactory.RefreshToken, "Refresh", scopes), true)
            : (Validate(tokens.FindAccessToken(token), token, OpaqueTokenFactory.AccessToken, "Access", scopes), false);
    }

    private StoredToken Validate(StoredToken? stored, string token, string prefix, string kind, IReadOnlyList<string> scopes)
    {
        if (stored is not { IsActive: true } || clients.Find(stored.Session.ClientId) is null)
        {
            throw OAuth2Error.RequestUnauthorized.AsException();
        }

        if (stored.ExpiresAt < time.GetUtcNow())
        {
            throw OAuth2Error.TokenExpired.With($"{kind} token expired at '{stored.ExpiresAt:u}'.");
        }

        if (!factory.IsGenuine(token, prefix))
        {
            throw OAuth2Error.InvalidTokenFormat.AsException();
        }

        foreach (var scope in scopes.Where(scope => !stored.Session.Scopes.Contains(scope)))
        {
            throw OAuth2Error.InvalidScope.With($"The request scope '{scope}' has not been granted or is not allowed to be requested.");
        }

        return stored;
    }
}
