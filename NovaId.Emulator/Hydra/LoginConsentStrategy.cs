using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// Leads an authorization request through the login page and the consent page. Each step comes back to the authorization endpoint with a
/// verifier, and a cookie ties all steps to one browser.
/// </summary>
internal sealed class LoginConsentStrategy(
    HydraSettings settings,
    FlowStore flows,
    SessionStore sessions,
    SignedCookies cookies,
    SigningKeys keys,
    TimeProvider time)
{
    public const string SessionCookie = "ory_hydra_session";

    private const string LoginCsrfCookie = "ory_hydra_login_csrf";
    private const string ConsentCsrfCookie = "ory_hydra_consent_csrf";
    private const string DeviceCsrfCookie = "ory_hydra_device_csrf";

    private static readonly string[] OpenIdLists = ["acr_values", "ui_locales"];
    private static readonly string[] OpenIdTexts = ["display", "login_hint"];

    /// <summary>The flow once the user has consented; null if the browser has been sent to a page instead.</summary>
    /// <exception cref="OAuth2Exception">The request ends here.</exception>
    public async Task<Flow?> HandleAsync(HttpContext http, AuthorizationRequest request)
    {
        var loginVerifier = request.Form["login_verifier"].Trim();
        if (loginVerifier.Length > 0)
        {
            RequestConsent(http, request, await VerifyLoginAsync(http, request, loginVerifier));
            return null;
        }

        var consentVerifier = request.Form["consent_verifier"].Trim();
        if (consentVerifier.Length > 0)
        {
            return VerifyConsent(http, consentVerifier);
        }

        await RequestLoginAsync(http, request);
        return null;
    }

    /// <summary>The remembered login of the browser, if it has one.</summary>
    public LoginSession? FindLogin(HttpContext http) =>
        cookies.Get(http, cookies.NameOf(SessionCookie)) is { Length: > 0 } id ? sessions.FindRemembered(id) : null;

    /// <summary>Takes the cookie of the login back.</summary>
    public void ForgetCookie(HttpContext http) => cookies.Remove(http, cookies.NameOf(SessionCookie));

    public void ForgetLogin(HttpContext http)
    {
        var name = cookies.NameOf(SessionCookie);
        if (cookies.Get(http, name) is { Length: > 0 } id)
        {
            sessions.RemoveLogin(id);
        }

        cookies.Remove(http, name);
    }

    /// <summary>Ties the page where a device's code is entered to this browser.</summary>
    public void SetDeviceCookie(HttpContext http, string csrf) =>
        cookies.Set(http, cookies.NameOf(DeviceCsrfCookie), csrf, settings.LoginConsentLifespan);

    /// <exception cref="OAuth2Exception">It is another browser.</exception>
    public void RequireDeviceCookie(HttpContext http, string csrf) => RequireCsrf(http, cookies.NameOf(DeviceCsrfCookie), csrf);

    /// <summary>Sends the browser to the login page for a device whose code was entered.</summary>
    public void RequestDeviceLogin(HttpContext http, Flow device)
    {
        var session = FindLogin(http);
        SendToLogin(http, settings.LoginUrl, device with
        {
            Id = NewId(),
            RequestedAt = Now(),
            SessionId = session?.Id ?? Guid.NewGuid().ToString(),
            LoginCsrf = NewId(),
            LoginSkip = session is not null,
            Subject = session?.Subject ?? "",
            AuthenticatedAt = session?.AuthenticatedAt,
        });
    }

    /// <summary>Takes the login for a device and sends the browser to the consent page.</summary>
    /// <exception cref="OAuth2Exception">The request ends here.</exception>
    public async Task ContinueDeviceAsync(HttpContext http, OAuth2Client client, string loginVerifier)
    {
        // As in Hydra, it stands for a request without any parameters.
        var request = AuthorizationRequest.ForDevice(client);
        RequestConsent(http, request, await VerifyLoginAsync(http, request, loginVerifier));
    }

    private async Task RequestLoginAsync(HttpContext http, AuthorizationRequest request)
    {
        var session = request.Prompt.Contains("login") ? null : FindLogin(http);
        if (session is not null && request.HasMaxAge && request.MaxAge is null)
        {
            // Hydra reads the number only now, and what it cannot read is an error of Go's and none of OAuth2's.
            throw OAuth2Error.Unrecognizable.AsException();
        }

        if (session is not null && request.MaxAge is >= 0 and var maxAge && session.AuthenticatedAt.AddSeconds(maxAge) < time.GetUtcNow())
        {
            if (request.Prompt.Contains("none"))
            {
                throw OAuth2Error.LoginRequired.With(
                    "Request failed because prompt is set to 'none' and authentication time reached 'max_age'.");
            }

            session = null;
        }

        var hint = request.Form["id_token_hint"];
        if (session is not null && hint.Length > 0 && await OpenIdPrompt.ReadHintSubjectAsync(hint, keys) != session.Subject)
        {
            throw OAuth2Error.LoginRequired.With(
                "Request failed because subject claim from id_token_hint does not match subject from authentication session.");
        }

        if (session is null && request.Prompt.Contains("none"))
        {
            throw OAuth2Error.LoginRequired.With("Prompt 'none' was requested, but no existing login session was found.");
        }

        var client = request.Client!;
        var flow = new Flow
        {
            Id = NewId(),
            Client = client,
            RequestUrl = Urls.Append(settings.PublicUrl, "/oauth2/auth") + http.Request.QueryString,
            RequestedAt = Now(),
            RequestedScope = request.Scopes,
            RequestedAudience = request.Audience,
            OpenIdContext = await ReadOpenIdContextAsync(request),
            SessionId = session?.Id ?? Guid.NewGuid().ToString(),
            LoginCsrf = NewId(),
            LoginSkip = session is not null,
            Subject = session?.Subject ?? "",
            AuthenticatedAt = session?.AuthenticatedAt,
        };
        var schema = request.Form["identity_schema"];
        SendToLogin(http, request.Prompt.Contains("registration") ? settings.RegistrationUrl : settings.LoginUrl, flow, schema);
    }

    private void SendToLogin(HttpContext http, string page, Flow flow, string schema = "")
    {
        cookies.Set(http, cookies.NameOf(LoginCsrfCookie, flow.Client!.Id), flow.LoginCsrf, settings.LoginConsentLifespan);
        var target = Urls.SetQuery(page.Split('?')[0], KeyValuePair.Create("login_challenge", flows.Add(FlowPurpose.LoginChallenge, flow)));
        http.Redirect(schema.Length > 0 ? Urls.SetQuery(target, KeyValuePair.Create("identity_schema", schema)) : target);
    }

    private async Task<Flow> VerifyLoginAsync(HttpContext http, AuthorizationRequest request, string verifier)
    {
        var flow = flows.GetByVerifier(FlowPurpose.LoginVerifier, verifier);
        if (flow.LoginError is { } denied)
        {
            throw denied.ToError().AsException();
        }

        RequireCsrf(http, cookies.NameOf(LoginCsrfCookie, flow.Client!.Id), flow.LoginCsrf);
        try
        {
            await OpenIdPrompt.ValidateAsync(request, flow, keys);
        }
        catch (OAuth2Exception exception) when (exception.Error.Code == OAuth2Error.LoginRequired.Code)
        {
            // The login is not the one that was asked for: better none than the wrong one.
            ForgetLogin(http);
            throw;
        }

        if (!flow.LoginSkip)
        {
            sessions.ConfirmLogin(new LoginSession(
                flow.SessionId, flow.Subject, flow.AuthenticatedAt!.Value, flow.LoginRemember, flow.IdentityProviderSessionId));
            if (!flow.LoginRemember)
            {
                ForgetLogin(http);
            }
        }

        if (flow.LoginRemember && (!flow.LoginSkip || flow.ExtendSessionLifespan))
        {
            var lifetime = flow.LoginRememberFor > 0 ? TimeSpan.FromSeconds(flow.LoginRememberFor) : settings.SessionLifespan;
            cookies.Set(http, cookies.NameOf(SessionCookie), flow.SessionId, lifetime);
        }

        return flow;
    }

    private void RequestConsent(HttpContext http, AuthorizationRequest request, Flow flow)
    {
        var client = request.Client!;
        var skip = !request.Prompt.Contains("consent")
            && (flow.DeviceChallengeId.Length > 0 ? !client.IsPublic : CanRemember(client, request.RedirectUri!))
            && sessions.FindRememberedConsent(client.Id, flow.Subject) is { } previous
            && request.Scopes.All(previous.GrantedScope.Contains);
        if (request.Prompt.Contains("none") && !skip)
        {
            throw OAuth2Error.ConsentRequired.With("Prompt 'none' was requested, but no previous consent was found.");
        }

        if (flow.Client!.Id != client.Id)
        {
            throw OAuth2Error.InvalidClient.With("The flow client id does not match the authorize request client id.");
        }

        var next = flow with { ConsentRequestId = NewId(), ConsentCsrf = NewId(), ConsentSkip = skip };
        cookies.Set(http, cookies.NameOf(ConsentCsrfCookie, client.Id), next.ConsentCsrf, settings.LoginConsentLifespan);
        http.Redirect(Urls.SetQuery(
            settings.ConsentUrl,
            new KeyValuePair<string, string>("consent_challenge", flows.Add(FlowPurpose.ConsentChallenge, next))));
    }

    /// <summary>The flow that a verifier of the consent page stands for, once.</summary>
    public Flow VerifyConsent(HttpContext http, string verifier)
    {
        var flow = flows.GetByVerifier(FlowPurpose.ConsentVerifier, verifier);
        if (flow.Client!.Id != http.Request.Query["client_id"].ToString())
        {
            throw OAuth2Error.InvalidClient.With("The flow client id does not match the authorize request client id.");
        }

        if (flow.ConsentError is { } denied)
        {
            throw denied.ToError().AsException();
        }

        // As in Hydra, the verifier is used up before the browser is looked at: a stolen one is worth nothing afterwards.
        if (!sessions.TryAddConsent(flow))
        {
            throw OAuth2Error.AccessDenied.With("The consent verifier has already been used.");
        }

        RequireCsrf(http, cookies.NameOf(ConsentCsrfCookie, flow.Client!.Id), flow.ConsentCsrf);
        return flow;
    }

    private void RequireCsrf(HttpContext http, string cookie, string expected)
    {
        var problem = cookies.Get(http, cookie) switch
        {
            null => "CSRF session cookie could not be decoded.",
            "" => "No CSRF value available in the session cookie.",
            var value when value != expected => "The CSRF value from the token does not match the CSRF value from the data store.",
            _ => null,
        };
        if (problem is not null)
        {
            throw OAuth2Error.RequestForbidden.With(problem);
        }
    }

    private async Task<JsonObject> ReadOpenIdContextAsync(AuthorizationRequest request)
    {
        var form = request.Form;
        var context = new JsonObject();
        foreach (var list in OpenIdLists.Where(name => form[name].Length > 0))
        {
            context[list] = ClientMetadata.ToArray(form[list].Split(' '));
        }

        foreach (var text in OpenIdTexts.Where(name => form[name].Length > 0))
        {
            context[text] = form[text];
        }

        if (form["id_token_hint"] is { Length: > 0 } hint)
        {
            context["id_token_hint_claims"] = await keys.ReadHintAsync(hint)
                ?? throw OAuth2Error.InvalidRequest.With("The id_token_hint is not an ID token of this server.");
        }

        return context;
    }

    /// <summary>A public client proves nothing: its consent is remembered only where the answer cannot go elsewhere.</summary>
    private static bool CanRemember(OAuth2Client client, string redirect)
    {
        if (!client.IsPublic)
        {
            return true;
        }

        var address = new Uri(redirect);
        return address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && Urls.IsLocalhost(address));
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    private static string NewId() => Guid.NewGuid().ToString("N");
}
