using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>The administration of tokens and of what they rest on: introspection, and the removal of tokens, logins and consents.</summary>
internal sealed class TokensApi(
    HydraSettings settings,
    TokenIntrospector introspector,
    TokenStore tokens,
    SessionStore sessions,
    IdentityProvider identityProvider,
    PageTokens pageTokens)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapApi(HttpMethods.Post, "/admin/oauth2/introspect", IntrospectAsync);
        endpoints.MapApi(HttpMethods.Delete, "/admin/oauth2/tokens", DeleteTokensAsync);
        endpoints.MapApi(HttpMethods.Delete, "/admin/oauth2/auth/sessions/login", DeleteLoginsAsync);
        endpoints.MapApi(HttpMethods.Delete, "/admin/oauth2/auth/sessions/consent", DeleteConsentsAsync);
        endpoints.MapApi(HttpMethods.Get, "/admin/oauth2/auth/sessions/consent", ListConsentsAsync);
    }

    private async Task IntrospectAsync(HttpContext http)
    {
        RequestForm form;
        try
        {
            form = await RequestForm.ReadAsync(http.Request, withQuery: false);
            if (form.IsEmpty)
            {
                throw OAuth2Error.InvalidRequest.With("The POST body can not be empty.");
            }
        }
        catch (OAuth2Exception exception)
        {
            await http.WriteProtocolErrorAsync(exception.Error);
            return;
        }

        try
        {
            var (token, isRefreshToken) = introspector.Introspect(form["token"], form["token_type_hint"], form.Words("scope"));
            await http.WriteProtocolJsonAsync(Describe(token, isRefreshToken));
        }
        catch (OAuth2Exception)
        {
            // Why a token is not good is nobody's business (RFC 7662, section 2.2).
            await http.WriteProtocolJsonAsync(new JsonObject { ["active"] = false });
        }
    }

    private JsonObject Describe(StoredToken token, bool isRefreshToken)
    {
        var session = token.Session;
        var answer = new JsonObject
        {
            ["active"] = true,
            ["client_id"] = session.ClientId,
            ["sub"] = session.Subject,
            ["exp"] = token.ExpiresAt.ToUnixTimeSeconds(),
            ["iat"] = session.RequestedAt.ToUnixTimeSeconds(),
            ["nbf"] = session.RequestedAt.ToUnixTimeSeconds(),
            ["aud"] = ClientMetadata.ToArray(session.Audience),
            ["iss"] = settings.Issuer,
            ["token_type"] = "Bearer",
            ["token_use"] = isRefreshToken ? "refresh_token" : "access_token",
        };
        if (session.Scopes.Count > 0)
        {
            answer["scope"] = string.Join(' ', session.Scopes);
        }

        if (session.Extra is { Count: > 0 } extra)
        {
            answer["ext"] = extra.DeepClone();
        }

        return answer;
    }

    private Task DeleteTokensAsync(HttpContext http)
    {
        var clientId = http.Request.Query["client_id"].ToString();
        if (clientId.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With("Query parameter 'client_id' is not defined but it should have been.");
        }

        tokens.RevokeAccessTokensOf(clientId);
        return NoContent(http);
    }

    private Task DeleteLoginsAsync(HttpContext http)
    {
        var query = http.Request.Query;
        StoredText.Require(query["sid"].ToString());
        StoredText.Require(query["subject"].ToString());
        switch (query["sid"].ToString(), query["subject"].ToString())
        {
            case ("", ""):
                throw OAuth2Error.InvalidRequest.With("Either 'subject' or 'sid' query parameters need to be defined.");
            case ("", var subject):
                sessions.RemoveLoginsOf(subject);
                break;
            case (var id, _):
                // Hydra ends the identity provider's session too, if the login was to be remembered.
                if (sessions.FindRemembered(id) is not null && sessions.RemoveLogin(id) is { } ended)
                {
                    identityProvider.EndSession(ended.IdentityProviderSessionId);
                }

                break;
        }

        return NoContent(http);
    }

    private Task ListConsentsAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var subject = query["subject"].ToString();
        if (subject.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With("Query parameter 'subject' is not defined but should have been.");
        }

        StoredText.Require(subject);
        var size = PageTokens.ReadSize(query["page_size"]);
        var page = sessions.ListConsents(subject, query["login_session_id"].ToString(), pageTokens.Read(query["page_token"]), size + 1);
        if (page.Count > 0)
        {
            // Hydra says where the first page is only where there is one.
            pageTokens.WriteLinks(http, size, page.Count > size ? page[size - 1].Id : null);
        }

        return http.WriteJsonAsync(new JsonArray([.. page.Take(size).Select(ConsentJson.OfSession)]));
    }

    private Task DeleteConsentsAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var (id, subject, client) = (query["consent_request_id"].ToString(), query["subject"].ToString(), query["client"].ToString());
        StoredText.Require(id);
        StoredText.Require(subject);
        StoredText.Require(client);
        Func<Flow, bool> condition = (id, subject, client, query["all"] == "true") switch
        {
            ({ Length: > 0 }, "", "", _) => flow => flow.ConsentRequestId == id,
            ("", { Length: > 0 }, { Length: > 0 }, false) => flow => flow.Subject == subject && flow.Client!.Id == client,
            ("", { Length: > 0 }, "", true) => flow => flow.Subject == subject,
            _ => throw OAuth2Error.InvalidRequest.With("Invalid combination of query parameters."),
        };
        tokens.RemoveGrants(sessions.RemoveConsents(condition));
        return NoContent(http);
    }

    private static Task NoContent(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
