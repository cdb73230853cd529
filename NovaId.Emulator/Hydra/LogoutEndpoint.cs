using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>The logout endpoint: GET or POST /oauth2/sessions/logout (OpenID Connect RP-Initiated Logout).</summary>
internal sealed class LogoutEndpoint(
    HydraSettings settings,
    ClientStore clients,
    SessionStore sessions,
    LogoutStore logouts,
    LoginConsentStrategy strategy,
    SigningKeys keys,
    IdentityProvider identityProvider,
    TimeProvider time)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapApi(HttpMethods.Get, "/oauth2/sessions/logout", HandleAsync);
        endpoints.MapApi(HttpMethods.Post, "/oauth2/sessions/logout", HandleAsync);
    }

    private async Task HandleAsync(HttpContext http)
    {
        try
        {
            var verifier = http.Request.Query["logout_verifier"].ToString();
            http.Redirect(verifier.Length > 0 ? Complete(http, verifier) : await RequestAsync(http));
        }
        catch (OAuth2Exception exception)
        {
            var error = exception.Error;
            http.Redirect(Urls.SetQuery(settings.ErrorUrl, new("error", error.Code), new("error_description", error.FullDescription)));
        }
    }

    private async Task<string> RequestAsync(HttpContext http)
    {
        var form = await ReadFormAsync(http.Request);
        var (hint, state, redirect) = (form["id_token_hint"], form["state"], form["post_logout_redirect_uri"]);
        if (hint.Length > 0)
        {
            return await RequestForClientAsync(http, hint, state, redirect);
        }

        if (state.Length > 0)
        {
            throw OAuth2Error.InvalidRequest.With("Logout failed because query parameter state is set but id_token_hint is missing.");
        }

        if (redirect.Length > 0)
        {
            throw OAuth2Error.InvalidRequest.With(
                "Logout failed because query parameter post_logout_redirect_uri is set but id_token_hint is missing.");
        }

        if (strategy.FindLogin(http) is not { } login)
        {
            return settings.PostLogoutRedirectUrl;
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().AddMilliseconds(500).ToUnixTimeSeconds());
        return AskPage(Create(http, login, settings.PostLogoutRedirectUrl) with
        {
            RequestedAt = now,
            ExpiresAt = now + settings.LoginConsentLifespan,
        });
    }

    private static async Task<RequestForm> ReadFormAsync(HttpRequest request)
    {
        try
        {
            return await RequestForm.ReadWholeAsync(request, withQuery: true);
        }
        catch (OAuth2Exception)
        {
            throw OAuth2Error.InvalidRequest.With($"Logout failed because the '{request.Method}' request could not be parsed.");
        }
    }

    private async Task<string> RequestForClientAsync(HttpContext http, string hint, string state, string redirect)
    {
        if (ProblemOfJws(hint) is { } problem)
        {
            throw OAuth2Error.InvalidRequest.With(problem);
        }

        var claims = await keys.ReadHintAsync(hint)
            ?? throw OAuth2Error.InvalidRequest.With("Logout failed because the id_token_hint is not an ID token of this server.");
        if (Text(claims, "iss") is var issuer && issuer != settings.Issuer)
        {
            throw OAuth2Error.InvalidRequest.With(
                $"Logout failed because issuer claim value '{issuer}' from query parameter id_token_hint does not match with issuer " +
                    $"value from configuration '{settings.Issuer}'.");
        }

        var session = Text(claims, "sid");
        if (session.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With("Logout failed because query parameter id_token_hint is missing sid claim.");
        }

        var audience = claims["aud"] is JsonArray array ? array.Select(item => item!.GetValue<string>()) : [Text(claims, "aud")];
        var client = audience.Select(clients.Find).FirstOrDefault(found => found is not null)
            ?? throw OAuth2Error.InvalidRequest.With(
                "Logout failed because none of the listed audiences is a registered OAuth 2.0 Client.");
        if (redirect.Length > 0 && !client.PostLogoutRedirectUris.Contains(redirect))
        {
            throw OAuth2Error.InvalidRequest.With(
                "Logout failed because query parameter post_logout_redirect_uri is not a whitelisted as a post_logout_redirect_uri " +
                    "for the client.");
        }

        var target = redirect.Length == 0
            ? settings.PostLogoutRedirectUrl
            : state.Length == 0 ? redirect : Urls.SetQuery(redirect, new KeyValuePair<string, string>("state", state));
        return sessions.FindRemembered(session) is { } login ? AskPage(Create(http, login, target) with { Client = client }) : target;
    }

    /// <summary>What is wrong with the form of a signed token (RFC 7515, section 7.1), in the words of the library that Hydra reads it with.</summary>
    private static string? ProblemOfJws(string token) => token.Split('.') is { Length: 3 } parts
        ? parts.Select(part => GoBase64.Problem(part, isPadded: false)).FirstOrDefault(problem => problem is not null)
        : "go-jose/go-jose: compact JWS format must have three parts";

    private string Complete(HttpContext http, string verifier)
    {
        var request = logouts.Use(verifier);
        if (request.ExpiresAt < time.GetUtcNow())
        {
            throw OAuth2Error.RequestUnauthorized.With("The logout request has expired, please try the flow again.");
        }

        // A logout that no application asked for ends only the login of the browser it comes from.
        if (request.Client is null && strategy.FindLogin(http)?.Subject != request.Subject)
        {
            return request.RedirectUrl;
        }

        strategy.ForgetCookie(http);
        if (sessions.RemoveLogin(request.SessionId) is { } ended)
        {
            identityProvider.EndSession(ended.IdentityProviderSessionId);
        }

        return request.RedirectUrl;
    }

    private string AskPage(LogoutRequest request)
    {
        logouts.Add(request);
        return Urls.SetQuery(settings.LogoutUrl, new KeyValuePair<string, string>("logout_challenge", request.Challenge));
    }

    private static LogoutRequest Create(HttpContext http, LoginSession login, string redirect) => new()
    {
        Challenge = Guid.NewGuid().ToString(),
        Verifier = Guid.NewGuid().ToString(),
        Subject = login.Subject,
        SessionId = login.Id,
        RequestUrl = http.Request.Path + http.Request.QueryString,
        RedirectUrl = redirect,
    };

    private static string Text(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
