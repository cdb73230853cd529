using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;
using NovaId.Emulator.Go;
using NovaId.Emulator.Postgres;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The token endpoint, POST /oauth2/token: who may have which tokens. OpenIddict issues them.</summary>
internal sealed partial class TokenEndpoint(
    HydraSettings settings,
    ClientAuthentication authentication,
    TokenStore tokens,
    DeviceStore devices,
    OpaqueTokenFactory factory,
    TimeProvider time,
    ILogger<TokenEndpoint> logger)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>, IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var http = context.Transaction.GetHttpContext();
        try
        {
            var (grant, issued) = await IssueAsync(http.Request);
            context.Transaction.SetProperty(nameof(TokenGrant), grant);
            context.Transaction.SetProperty(nameof(IssuedTokens), issued);
        }
        catch (OAuth2Exception exception)
        {
            logger.LogRefusal(http.Request, exception.Error);
            await http.WriteProtocolErrorAsync(exception.Error);
            context.HandleRequest();
        }
    }

    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        context.SignIn(Protocol.CreatePrincipal(context.Transaction.GetProperty<TokenGrant>(nameof(TokenGrant))!.Session));
        return ValueTask.CompletedTask;
    }

    private async Task<(TokenGrant Grant, IssuedTokens Tokens)> IssueAsync(HttpRequest request)
    {
        var form = await RequestForm.ReadAsync(request, withQuery: false);
        if (form.IsEmpty)
        {
            throw OAuth2Error.InvalidRequest.With("The POST body can not be empty.");
        }

        var grants = form.AllWords("grant_type");
        return grants switch
        {
            [] => throw OAuth2Error.InvalidRequest.With("Request parameter 'grant_type' is missing"),
            ["authorization_code"] => RedeemCode(await authentication.AuthenticateAsync(request, form), form),
            ["client_credentials"] => GrantCredentials(await authentication.AuthenticateAsync(request, form), form),
            ["refresh_token"] => Refresh(await authentication.AuthenticateAsync(request, form), form),
            [DeviceEndpoint.GrantType] => RedeemDevice(await authentication.AuthenticateAsync(request, form), form),
            ["urn:ietf:params:oauth:grant-type:jwt-bearer"] => throw OAuth2Error.NotImplemented(
                $"the grant type '{grants[0]}', which '{(await authentication.AuthenticateAsync(request, form)).Id}' asked for").AsException(),
            _ => throw OAuth2Error.InvalidRequest.AsException(),
        };
    }

    private (TokenGrant Grant, IssuedTokens Tokens) GrantCredentials(OAuth2Client client, RequestForm form)
    {
        var scopes = form.Words("scope");
        RequireScopes(client, scopes);
        var audience = form.Audiences();
        AuthorizationRequest.RequireAudience(client, audience);
        if (client.IsPublic)
        {
            throw OAuth2Error.InvalidGrant.With(
                "The OAuth 2.0 Client is marked as public and is thus not allowed to use authorization grant 'client_credentials'.");
        }

        RequireGrantType(
            client,
            "client_credentials",
            "The OAuth 2.0 Client is not allowed to use authorization grant 'client_credentials'.");
        var now = time.GetUtcNow();
        var session = new TokenSession
        {
            RequestId = Guid.NewGuid().ToString(),
            ClientId = client.Id,
            Subject = client.Id,
            RequestedAt = now,
            Scopes = scopes.Count == 0 && settings.GrantAllowedScopeByDefault ? client.Scopes : scopes,
            Audience = audience,
            IdToken = new IdTokenSession { IssuedAt = now },
        };
        var lifespan = client.Lifespan("client_credentials_grant_access_token_lifespan", settings.AccessTokenLifespan);
        var grant = new TokenGrant(new StoredToken(session, now + lifespan), RefreshToken: null, IdTokenLifespan: null);
        return (grant, tokens.Issue(grant));
    }

    private (TokenGrant Grant, IssuedTokens Tokens) RedeemCode(OAuth2Client client, RequestForm form)
    {
        RequireGrantType(
            client,
            "authorization_code",
            "The OAuth 2.0 Client is not allowed to use authorization grant \"authorization_code\".");
        var text = form["code"];
        RequireText(text);
        var code = tokens.FindCode(text) ?? throw OAuth2Error.InvalidGrant.AsException();
        if (!code.IsActive)
        {
            throw RefuseReplay(code);
        }

        if (code.ExpiresAt < time.GetUtcNow() || !factory.IsGenuine(text, OpaqueTokenFactory.AuthorizationCode))
        {
            throw OAuth2Error.InvalidGrant.AsException();
        }

        if (code.Session.ClientId != client.Id)
        {
            throw OAuth2Error.InvalidGrant.With(
                "The OAuth 2.0 Client ID from this request does not match the one from the authorize request.");
        }

        if (code.RedirectUri.Length > 0 && code.RedirectUri != form["redirect_uri"])
        {
            throw OAuth2Error.InvalidGrant.With(
                "The \"redirect_uri\" from this request does not match the one from the authorize request.");
        }

        RequireProof(client, code, form["code_verifier"]);
        if (code.Session.IsOpenId && GoText.Length(code.Session.IdToken.Nonce) is > 0 and < Protocol.MinimumEntropy)
        {
            throw OAuth2Error.InsufficientEntropy.With(
                $"Parameter 'nonce' is set but does not satisfy the minimum entropy of {Protocol.MinimumEntropy} characters.");
        }

        var grant = CreateGrant(client, code.Session, "authorization_code");
        return (grant, tokens.Redeem(code, grant) ?? throw RefuseReplay(code));
    }

    /// <summary>What a device gets that asks whether somebody has agreed (RFC 8628, section 3.4).</summary>
    private (TokenGrant Grant, IssuedTokens Tokens) RedeemDevice(OAuth2Client client, RequestForm form)
    {
        RequireGrantType(
            client,
            DeviceEndpoint.GrantType,
            $"The OAuth 2.0 Client is not allowed to use authorization grant \"{DeviceEndpoint.GrantType}\".");
        var code = form["device_code"];
        var request = devices.FindByDeviceCode(OpaqueTokenFactory.NameOf(code)) ?? throw OAuth2Error.InvalidGrant.AsException();
        if (request.Session is not { } session)
        {
            // As in Hydra v26.2.0, also where the code has run out meanwhile, and however often a device asks.
            throw OAuth2Error.AuthorizationPending.AsException();
        }

        if (request.ExpiresAt < time.GetUtcNow())
        {
            throw OAuth2Error.DeviceCodeExpired.With($"Device code expired at '{request.ExpiresAt:u}'.");
        }

        if (!factory.IsGenuine(code, OpaqueTokenFactory.DeviceCode))
        {
            throw OAuth2Error.InvalidTokenFormat.AsException();
        }

        if (request.Client.Id != client.Id)
        {
            throw OAuth2Error.InvalidGrant.With(
                "The OAuth 2.0 Client ID from this request does not match the one from the authorize request.");
        }

        return devices.TryTake(request)
            ? Issue(CreateGrant(client, session, "device_authorization"))
            : throw OAuth2Error.InvalidGrant.AsException();
    }

    private (TokenGrant Grant, IssuedTokens Tokens) Issue(TokenGrant grant) => (grant, tokens.Issue(grant));

    private (TokenGrant Grant, IssuedTokens Tokens) Refresh(OAuth2Client client, RequestForm form)
    {
        RequireGrantType(client, "refresh_token", "The OAuth 2.0 Client is not allowed to use authorization grant 'refresh_token'.");
        var text = form["refresh_token"];
        RequireText(text);
        var token = tokens.FindRefreshToken(text) ?? throw OAuth2Error.InvalidGrant.With("The refresh token is malformed or not valid.");
        if (!token.IsActive)
        {
            throw RefuseReuse(token);
        }

        if (token.ExpiresAt < time.GetUtcNow())
        {
            throw OAuth2Error.InvalidGrant.With("The refresh token expired.");
        }

        if (!factory.IsGenuine(text, OpaqueTokenFactory.RefreshToken))
        {
            throw OAuth2Error.InvalidRequest.AsException();
        }

        var session = token.Session;
        if (!session.IsOffline)
        {
            throw OAuth2Error.ScopeNotGranted.With(
                "The OAuth 2.0 Client was not granted scope offline or offline_access and may thus not perform the 'refresh_token' " +
                    "authorization grant.");
        }

        if (session.ClientId != client.Id)
        {
            throw OAuth2Error.InvalidGrant.With(
                "The OAuth 2.0 Client ID from this request does not match the ID during the initial token issuance.");
        }

        RequireScopes(client, session.Scopes);
        AuthorizationRequest.RequireAudience(client, session.Audience);
        var grant = CreateGrant(client, session, "refresh_token");
        return (grant, tokens.Rotate(token, grant) ?? throw RefuseReuse(token));
    }

    private TokenGrant CreateGrant(OAuth2Client client, TokenSession session, string grant)
    {
        // Hydra writes whole seconds into these tokens.
        var now = time.GetUtcNow();
        var refreshable = session.IsOffline && client.GrantTypes.Contains("refresh_token");
        var current = session with { RequestedAt = now };
        return new TokenGrant(
            Create("access_token", settings.AccessTokenLifespan),
            refreshable ? Create("refresh_token", settings.RefreshTokenLifespan) : null,
            session.IsOpenId ? client.Lifespan($"{grant}_grant_id_token_lifespan", settings.IdTokenLifespan) : null);

        StoredToken Create(string kind, TimeSpan lifespan) =>
            new(current, Round(now + client.Lifespan($"{grant}_grant_{kind}_lifespan", lifespan)));
    }

    private void RequireProof(OAuth2Client client, AuthorizationCode code, string verifier)
    {
        if (!tokens.TakeChallenge(code))
        {
            if (verifier.Length > 0)
            {
                throw OAuth2Error.InvalidGrant.With("Unable to find initial PKCE data tied to this request");
            }

            if (settings.EnforcePkce || (settings.EnforcePkceForPublicClients && client.IsPublic))
            {
                throw OAuth2Error.InvalidRequest.With(
                    "Clients must include a code_challenge when performing the authorize code flow, but it is missing.");
            }

            return;
        }

        var length = GoText.Length(verifier);
        if (length < 43)
        {
            throw OAuth2Error.InvalidGrant.With("The PKCE code verifier must be at least 43 characters.");
        }

        if (length > 128)
        {
            throw OAuth2Error.InvalidGrant.With("The PKCE code verifier can not be longer than 128 characters.");
        }

        if (!Verifier().IsMatch(verifier))
        {
            throw OAuth2Error.InvalidGrant.With("The PKCE code verifier must only contain [a-Z], [0-9], '-', '.', '_', '~'.");
        }

        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(challenge), Encoding.ASCII.GetBytes(code.CodeChallenge)))
        {
            throw OAuth2Error.InvalidGrant.With("The PKCE code challenge did not match the code verifier.");
        }
    }

    private OAuth2Exception RefuseReplay(AuthorizationCode code)
    {
        tokens.Revoke(code.Session.RequestId);
        return OAuth2Error.InvalidGrant.With("The authorization code has already been used.");
    }

    private OAuth2Exception RefuseReuse(StoredToken token)
    {
        tokens.Revoke(token.Session.RequestId);
        return OAuth2Error.InvalidGrant.With("The refresh token was already used.");
    }

    /// <summary>Refuses a scope that the client may not ask for.</summary>
    public static void RequireScopes(OAuth2Client client, IEnumerable<string> scopes)
    {
        foreach (var scope in scopes.Where(scope => !client.Scopes.Contains(scope)))
        {
            throw OAuth2Error.InvalidScope.With($"The OAuth 2.0 Client is not allowed to request scope '{scope}'.");
        }
    }

    /// <summary>Hydra looks the signature of these up as it was sent, and a signature that PostgreSQL cannot read is no fault of the client's to it.</summary>
    private static void RequireText(string token)
    {
        if (OpaqueTokenFactory.NameOf(token) is not null && !PostgresText.IsText(token.Split('.')[1]))
        {
            throw OAuth2Error.ServerError.AsException();
        }
    }

    private static void RequireGrantType(OAuth2Client client, string grant, string hint)
    {
        if (!client.GrantTypes.Contains(grant))
        {
            throw OAuth2Error.UnauthorizedClient.With(hint);
        }
    }

    private static DateTimeOffset Round(DateTimeOffset moment) =>
        DateTimeOffset.FromUnixTimeSeconds(moment.AddMilliseconds(500).ToUnixTimeSeconds());

    [GeneratedRegex(@"^[A-Za-z0-9_.~-]+$")]
    private static partial Regex Verifier();
}
