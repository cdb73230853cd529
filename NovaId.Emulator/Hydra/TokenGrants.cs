using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Emulator.Hydra;

/// <summary>Decides what a token request is given, by its grant (RFC 6749, sections 4.1.3, 4.4 and 6; RFC 7636).</summary>
internal sealed partial class TokenGrants(HydraSettings settings, TokenStore tokens, OpaqueTokenFactory factory, SessionStore sessions, TimeProvider time)
{
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;

    /// <exception cref="OAuth2Exception">The request is given nothing.</exception>
    public TokenGrant Decide(OAuth2Client client, RequestForm form) => form["grant_type"] switch
    {
        "client_credentials" => OfClient(client, form),
        "authorization_code" => OfCode(client, form),
        "refresh_token" => OfRefreshToken(client, form),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" or "urn:ietf:params:oauth:grant-type:device_code" =>
            throw OAuth2Error.NotImplemented($"the grant '{form["grant_type"]}'").AsException(),
        _ => throw OAuth2Error.InvalidRequest.AsException(),
    };

    private static void RequireGrant(OAuth2Client client, string grant)
    {
        if (!client.GrantTypes.Contains(grant))
        {
            throw OAuth2Error.UnauthorizedClient.With($"The OAuth 2.0 Client is not allowed to use authorization grant '{grant}'.");
        }
    }

    private TokenGrant OfClient(OAuth2Client client, RequestForm form)
    {
        RequireGrant(client, "client_credentials");
        var scopes = form.Words("scope");
        foreach (var scope in scopes.Where(scope => !client.Scopes.Contains(scope)))
        {
            throw OAuth2Error.InvalidScope.With($"The OAuth 2.0 Client is not allowed to request scope '{scope}'.");
        }

        var audience = form.Audiences();
        AuthorizationRequest.RequireAudience(client, audience);
        if (client.IsPublic)
        {
            throw OAuth2Error.InvalidGrant.With(
                "The OAuth 2.0 Client is marked as public and is thus not allowed to use authorization grant 'client_credentials'.");
        }

        var now = time.GetUtcNow();
        var session = new TokenSession
        {
            RequestId = Guid.NewGuid().ToString(),
            ClientId = client.Id,
            Subject = client.Id,
            RequestedAt = now,
            Scopes = scopes.Count == 0 && settings.GrantAllowedScopeByDefault ? client.Scopes : scopes,
            Audience = audience,
            IdToken = new IdTokenSession { Subject = client.Id, IssuedAt = now },
        };
        return new TokenGrant(
            session,
            client.Lifespan("client_credentials_grant_access_token_lifespan", settings.AccessTokenLifespan),
            TimeSpan.Zero,
            RefreshTokenLifespan: null,
            IssuesIdToken: false);
    }

    private TokenGrant OfCode(OAuth2Client client, RequestForm form)
    {
        RequireGrant(client, "authorization_code");
        var text = form["code"];
        if (tokens.FindCode(text) is not { } code || !factory.IsGenuine(text, OpaqueTokenFactory.AuthorizationCode))
        {
            throw OAuth2Error.InvalidGrant.AsException();
        }

        if (!code.IsActive)
        {
            // A second use means that somebody else has the code: whatever came of it ends (RFC 6749, section 4.1.2).
            tokens.Revoke(code.Session.RequestId);
            throw OAuth2Error.InvalidGrant.With("The authorization code has already been used.");
        }

        if (code.ExpiresAt < time.GetUtcNow())
        {
            throw OAuth2Error.InvalidGrant.With("The authorization code has expired.");
        }

        if (code.Session.ClientId != client.Id)
        {
            throw OAuth2Error.InvalidGrant.With("The OAuth 2.0 Client ID from this request does not match the one from the authorize request.");
        }

        if (code.RedirectUri.Length > 0 && code.RedirectUri != form["redirect_uri"])
        {
            throw OAuth2Error.InvalidGrant.With("The 'redirect_uri' from this request does not match the one from the authorize request.");
        }

        VerifyProof(client, code, form["code_verifier"]);
        if (!tokens.TryRedeem(code))
        {
            tokens.Revoke(code.Session.RequestId);
            throw OAuth2Error.InvalidGrant.With("The authorization code has already been used.");
        }

        return ForPerson(client, code.Session, "authorization_code_grant");
    }

    private TokenGrant OfRefreshToken(OAuth2Client client, RequestForm form)
    {
        RequireGrant(client, "refresh_token");
        var text = form["refresh_token"];
        if (tokens.FindRefreshToken(text) is not { } stored || !factory.IsGenuine(text, OpaqueTokenFactory.RefreshToken))
        {
            throw OAuth2Error.InvalidGrant.With("The refresh token is malformed or not valid.");
        }

        var old = stored.Session;
        if (!stored.IsActive)
        {
            throw Reused(old);
        }

        if (stored.ExpiresAt < time.GetUtcNow())
        {
            throw OAuth2Error.InvalidGrant.With($"Refresh token expired at '{stored.ExpiresAt:u}'.");
        }

        if (!old.IsOffline)
        {
            throw OAuth2Error.ScopeNotGranted.With("The OAuth 2.0 Client was not granted scope offline and may thus not perform the 'refresh_token' authorization grant.");
        }

        if (old.ClientId != client.Id)
        {
            throw OAuth2Error.InvalidGrant.With("The OAuth 2.0 Client ID from this request does not match the ID during the initial token issuance.");
        }

        foreach (var scope in old.Scopes.Where(scope => !client.Scopes.Contains(scope)))
        {
            throw OAuth2Error.InvalidScope.With($"The OAuth 2.0 Client is not allowed to request scope '{scope}'.");
        }

        AuthorizationRequest.RequireAudience(client, old.Audience);
        if (!tokens.TryRotate(stored))
        {
            throw Reused(old);
        }

        var now = time.GetUtcNow();
        return ForPerson(client, old with { RequestedAt = now, IdToken = old.IdToken with { IssuedAt = now } }, "refresh_token_grant");
    }

    /// <summary>A used token in somebody's hand means that two have it: the whole grant ends.</summary>
    private OAuth2Exception Reused(TokenSession session)
    {
        tokens.Revoke(session.RequestId);
        sessions.RemoveConsents(flow => flow.ConsentRequestId == session.RequestId);
        return OAuth2Error.InvalidGrant.With("The refresh token was already used.");
    }

    private TokenGrant ForPerson(OAuth2Client client, TokenSession session, string grant) => new(
        session,
        client.Lifespan($"{grant}_access_token_lifespan", settings.AccessTokenLifespan),
        client.Lifespan($"{grant}_id_token_lifespan", settings.IdTokenLifespan),
        session.IsOffline && client.GrantTypes.Contains("refresh_token")
            ? client.Lifespan($"{grant}_refresh_token_lifespan", settings.RefreshTokenLifespan)
            : null,
        session.IsOpenId);

    private void VerifyProof(OAuth2Client client, AuthorizationCode code, string verifier)
    {
        if (!tokens.TakeChallenge(code))
        {
            if (verifier.Length > 0 || code.CodeChallenge.Length > 0 || settings.EnforcePkce || (settings.EnforcePkceForPublicClients && client.IsPublic))
            {
                throw OAuth2Error.InvalidGrant.With("Unable to find initial PKCE data tied to this request");
            }

            return;
        }

        var problem = verifier switch
        {
            { Length: < ShortestVerifier } => $"The PKCE code verifier must be at least {ShortestVerifier} characters.",
            { Length: > LongestVerifier } => $"The PKCE code verifier can not be longer than {LongestVerifier} characters.",
            _ when !VerifierForm().IsMatch(verifier) => "The PKCE code verifier must only contain [a-Z], [0-9], '-', '.', '_', '~'.",
            _ when !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
                Encoding.UTF8.GetBytes(code.CodeChallenge)) => "The PKCE code challenge did not match the code verifier.",
            _ => null,
        };
        if (problem is not null)
        {
            throw OAuth2Error.InvalidGrant.With(problem);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._~-]+$")]
    private static partial Regex VerifierForm();
}
