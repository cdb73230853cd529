using System.Text.Json.Nodes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The token endpoint: POST /oauth2/token.</summary>
internal sealed class TokenEndpoint(ClientAuthentication authentication, TokenGrants grants, ILogger<TokenEndpoint> logger)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>,
      IOpenIddictServerHandler<HandleTokenRequestContext>,
      IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var http = context.Transaction.GetHttpContext();
        try
        {
            var form = await RequestForm.ReadAsync(http.Request, withQuery: false);
            if (form["grant_type"].Length == 0)
            {
                throw OAuth2Error.InvalidRequest.With("Request parameter 'grant_type' is missing");
            }

            context.Transaction.SetProperty(nameof(TokenGrant), grants.Decide(authentication.Authenticate(http.Request, form), form));
        }
        catch (OAuth2Exception exception)
        {
            await RefuseAsync(http, exception.Error);
            context.HandleRequest();
        }
    }

    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var grant = Grant(context.Transaction);
        var principal = Protocol.CreatePrincipal(grant.Session);
        List<string> scopes = [];
        if (grant.IssuesIdToken)
        {
            scopes.Add(OpenIddictConstants.Scopes.OpenId);
        }

        if (grant.RefreshTokenLifespan is not null)
        {
            scopes.Add(OpenIddictConstants.Scopes.OfflineAccess);
        }

        // OpenIddict decides by these which tokens there are to make; what was granted travels in the transaction.
        principal.SetScopes(scopes);
        context.SignIn(principal);
        return ValueTask.CompletedTask;
    }

    /// <summary>Answers in the form that Hydra gives (RFC 6749, section 5.1).</summary>
    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        var http = context.Transaction.GetHttpContext();
        if (context.Response.Error is { Length: > 0 } error)
        {
            // The server itself found the request wrong: it is no POST, no form, or names a parameter twice.
            await RefuseAsync(http, OAuth2Error.InvalidRequest with { Code = error, Hint = context.Response.ErrorDescription ?? "" });
            context.HandleRequest();
            return;
        }

        var grant = Grant(context.Transaction);
        var answer = new JsonObject
        {
            ["access_token"] = context.Response.AccessToken,
            ["expires_in"] = (long)grant.AccessTokenLifespan.TotalSeconds,
        };
        if (context.Response.IdToken is { } idToken)
        {
            answer["id_token"] = idToken;
        }

        if (context.Response.RefreshToken is { } refreshToken)
        {
            answer["refresh_token"] = refreshToken;
        }

        answer["scope"] = string.Join(' ', grant.Session.Scopes);
        answer["token_type"] = "bearer";
        await http.WriteProtocolJsonAsync(answer);
        context.HandleRequest();
    }

    private static TokenGrant Grant(OpenIddictServerTransaction transaction) => transaction.GetProperty<TokenGrant>(nameof(TokenGrant))!;

    private Task RefuseAsync(HttpContext http, OAuth2Error error)
    {
        logger.LogRefusal(http.Request.Path, error);
        return http.WriteProtocolErrorAsync(error);
    }
}
