using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>Tokens, seen from the administrative port.</summary>
internal sealed class AdminTokenEndpoints(HydraSettings settings, TokenIntrospector introspector, TokenStore tokens, SessionStore sessions)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/admin/oauth2/introspect", IntrospectAsync);
        endpoints.MapDelete("/admin/oauth2/tokens", RevokeOfClient);
        endpoints.MapDelete("/admin/oauth2/auth/sessions/login", RevokeLogins);
        endpoints.MapDelete("/admin/oauth2/auth/sessions/consent", RevokeConsents);
    }

    /// <summary>RFC 7662. Whatever is wrong with a token, the answer is only that it is not active.</summary>
    private async Task IntrospectAsync(HttpContext http)
    {
        var form = await RequestForm.ReadAsync(http.Request, withQuery: false);
        if (form.IsEmpty)
        {
            await http.WriteProtocolErrorAsync(OAuth2Error.InvalidRequest with { Hint = "The POST body can not be empty." });
            return;
        }

        try
        {
            var (token, isRefreshToken) = introspector.Introspect(form["token"], form["token_type_hint"], form.Words("scope"));
            await http.WriteProtocolJsonAsync(ToJson(token, isRefreshToken));
        }
        catch (OAuth2Exception)
        {
            await http.WriteProtocolJsonAsync(new JsonObject { ["active"] = false });
        }
    }

    private JsonObject ToJson(StoredToken token, bool isRefreshToken)
    {
        var session = token.Session;
        var answer = new JsonObject { ["active"] = true };
        if (session.Scopes.Count > 0)
        {
            answer["scope"] = string.Join(' ', session.Scopes);
        }

        answer["client_id"] = session.ClientId;
        answer["sub"] = session.Subject;
        answer["exp"] = token.ExpiresAt.ToUnixTimeSeconds();
        answer["iat"] = session.RequestedAt.ToUnixTimeSeconds();
        answer["nbf"] = session.RequestedAt.ToUnixTimeSeconds();
        answer["aud"] = ClientMetadata.ToArray(session.Audience);
        answer["iss"] = settings.Issuer;
        answer["token_type"] = "Bearer";
        answer["token_use"] = isRefreshToken ? "refresh_token" : "access_token";
        if (session.Extra is { Count: > 0 } extra)
        {
            answer["ext"] = extra.DeepClone();
        }

        return answer;
    }

    private Task RevokeOfClient(HttpContext http)
    {
        var client = Required(http, "client_id");
        tokens.RevokeAccessTokensOf(client);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task RevokeLogins(HttpContext http)
    {
        if (http.Request.Query["sid"].ToString() is { Length: > 0 } sid)
        {
            sessions.RemoveLogin(sid);
        }
        else
        {
            sessions.RemoveLoginsOf(Required(http, "subject"));
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task RevokeConsents(HttpContext http)
    {
        var subject = Required(http, "subject");
        var client = http.Request.Query["client"].ToString();
        if (client.Length == 0 && http.Request.Query["all"].ToString() != "true")
        {
            throw OAuth2Error.InvalidRequest.With("Query parameter 'client' and 'all' is not defined but one of them should have been.");
        }

        tokens.Revoke(sessions.RemoveConsents(flow => flow.Subject == subject && (client.Length == 0 || flow.Client.Id == client)));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string Required(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } value
        ? value
        : throw OAuth2Error.InvalidRequest.With($"Query parameter '{name}' is not defined but should have been.");
}
