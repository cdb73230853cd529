using System.Globalization;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>What all self-service flows have in common: how they are kept, protected, answered and how they fail.</summary>
internal sealed class SelfService(KratosConfiguration configuration, CsrfProtection csrf, SessionManager sessions, HydraLogins hydra, TimeProvider time)
{
    private static readonly string[] LoginGroups =
    [
        UiNode.OidcGroup, UiNode.DefaultGroup, UiNode.WebAuthnGroup, UiNode.PasskeyGroup, UiNode.CodeGroup, UiNode.PasswordGroup, UiNode.TotpGroup,
        UiNode.LookupGroup,
    ];

    private static readonly string[] RegistrationGroups =
    [
        UiNode.OidcGroup, "saml", UiNode.DefaultGroup, UiNode.WebAuthnGroup, UiNode.PasskeyGroup, UiNode.CodeGroup, UiNode.PasswordGroup, "captcha",
        UiNode.ProfileGroup,
    ];

    private static readonly string[] SettingsGroups =
    [
        UiNode.DefaultGroup, UiNode.ProfileGroup, UiNode.PasswordGroup, UiNode.OidcGroup, UiNode.LookupGroup, UiNode.WebAuthnGroup,
        UiNode.PasskeyGroup, UiNode.TotpGroup,
    ];

    private static readonly string[] LoginKeys = ["csrf_token", "identifier", "password"];
    private static readonly string[] RegistrationKeys = ["webauthn_remove", "webauthn_register_displayname", "webauthn_register"];

    private static readonly string[] SettingsKeys =
    [
        "lookup_secret_reveal", "lookup_secret_regenerate", "lookup_secret_codes", "lookup_secret_confirm", "webauthn_remove",
        "webauthn_register_displayname", "webauthn_register", "passkey_remove", "passkey_register", "totp_qr", "totp_secret_key", "totp_unlink",
        "totp_code",
    ];

    /// <summary>The methods that Kratos has and the emulator has not.</summary>
    private static readonly string[] Foreign = ["webauthn", "oidc", "saml", "link", "identifier_first"];

    /// <summary>The fields that ask for such a method without naming it.</summary>
    private static readonly (string Field, string Method)[] ForeignFields =
    [
        ("webauthn_login", "webauthn"),
        ("webauthn_register", "webauthn"),
        ("webauthn_remove", "webauthn"),
        ("provider", "oidc"),
    ];

    public const string FlowExpiredId = "self_service_flow_expired";
    public const string ExpiredMessage = "self-service flow expired";

    private readonly ExpiringStore<Flow> _flows = new(time, flow => flow.ExpiresAt);
    private readonly ExpiringStore<StoredError> _errors = new(time, error => error.CreatedAt);

    public KratosConfiguration Configuration => configuration;

    public SessionManager Sessions => sessions;

    public HydraLogins Hydra => hydra;

    public ReturnTo ReturnTo { get; } = new(configuration);

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A flow that begins with this request; it is not kept yet.</summary>
    /// <exception cref="KratosException">The address to return to is not allowed.</exception>
    public Flow Begin(HttpContext http, FlowKind kind, bool browser, string state, string query, TimeSpan? lifespan = null)
    {
        var requestUrl = Addresses.RequestUrl(http.Request, query);
        ReturnTo.Resolve(Addresses.QueryValue(requestUrl, "return_to"), configuration.DefaultReturnAddress);
        if (Submission.GoBoolean(http.Request.Query["return_session_token_exchange_code"]) == true)
        {
            throw KratosException.NotInEmulator("The exchange of a code for a session token");
        }

        var (id, now) = (Guid.NewGuid(), Now);
        return new Flow(kind, browser, new UiContainer(ActionOf(kind, id)))
        {
            Id = id,
            IssuedAt = now,
            ExpiresAt = now + (lifespan ?? configuration.LifespanOf(kind)),
            UpdatedAt = now,
            RequestUrl = requestUrl,
            CsrfToken = CsrfProtection.Token(http),
            State = state,
        };
    }

    public void Save(Flow flow)
    {
        flow.UpdatedAt = Now;
        _flows.Save(flow.Id, flow.Copy());
    }

    /// <summary>A copy of a flow.</summary>
    /// <exception cref="KratosException">There is no such flow (404).</exception>
    public Flow Load(FlowKind kind, string? id) =>
        GoUuid.TryParse(id, out var guid) && _flows.Find(guid) is { } flow && flow.Kind == kind ? flow.Copy() : throw KratosException.NoRows();

    /// <summary>The flow that a submission names in its query.</summary>
    public Flow LoadSubmitted(HttpRequest request, FlowKind kind)
    {
        var id = request.Query["flow"].FirstOrDefault();
        return GoUuid.TryParse(id, out var guid) && guid != Guid.Empty
            ? Load(kind, id)
            : throw KratosException.BadRequest("The flow query parameter is missing or malformed.");
    }

    /// <summary>Takes a submission of a flow that goes by mail, and answers with what it was refused for.</summary>
    /// <param name="http">The request.</param>
    /// <param name="kind">The kind of flow.</param>
    /// <param name="noStrategy">What is said where no method is responsible; then none is the flow's own.</param>
    /// <param name="submit">Does what was submitted.</param>
    /// <param name="replace">Answers for a flow that is over.</param>
    /// <param name="beforeRefusal">What happens to the flow before it says why.</param>
    public async Task SubmitAsync(
        HttpContext http, FlowKind kind, UiMessage noStrategy, Func<Flow, Task> submit, Func<Flow, Task> replace, Action<Flow>? beforeRefusal = null)
    {
        Flow flow;
        try
        {
            flow = LoadSubmitted(http.Request, kind);
        }
        catch (KratosException error)
        {
            await FailAsync(http, null, error.Code == 404
                ? KratosException.NotFound($"The {kind.ToString().ToLowerInvariant()} request could not be found. Please restart the flow.")
                : error);
            return;
        }

        if (flow.ExpiresAt < Now)
        {
            await replace(flow);
            return;
        }

        try
        {
            await submit(flow);
        }
        catch (Exception error) when (error is FormException or KratosException { Code: not 501 })
        {
            beforeRefusal?.Invoke(flow);
            flow.Active = error is FormException { Messages: [{ Message: var message }] } && message == noStrategy ? UiNode.DefaultGroup : Credential.Code;
            await RejectAsync(http, flow, error, Configuration.DefaultSchema, StatusCodes.Status303SeeOther);
        }
    }

    /// <summary>Refuses to show a browser's flow to another browser.</summary>
    public void RequireSameBrowser(HttpContext http, Flow flow)
    {
        if (flow.IsBrowser && !CsrfProtection.Verify(CsrfProtection.Token(http), flow.CsrfToken))
        {
            throw csrf.Violation(http, tokenSent: false);
        }
    }

    /// <summary>Refuses a browser's submission without its token, and a program's submission that a browser may have sent.</summary>
    public void RequireCsrfToken(HttpContext http, Flow flow, Submission submission)
    {
        if (flow.IsBrowser)
        {
            if (!CsrfProtection.Verify(CsrfProtection.Token(http), submission["csrf_token"]))
            {
                throw csrf.Violation(http, submission["csrf_token"] is not null || !string.IsNullOrEmpty(http.Request.Headers["X-CSRF-Token"]));
            }

            return;
        }

        if (!string.IsNullOrEmpty(http.Request.Headers.Origin))
        {
            throw KratosException.BadRequest("The HTTP Request Header included the \"Origin\" key, indicating that this request was made as part of an AJAX request in a Browser. The flow however was initiated as an API request. To prevent potential misuse and mitigate several attack vectors including CSRF, the request has been blocked. Please consult the documentation.");
        }

        if (http.Request.Cookies.Keys.Any(name => !name.StartsWith("__cf", StringComparison.Ordinal)
            && !name.StartsWith("_cf", StringComparison.Ordinal)
            && !name.StartsWith("cf_", StringComparison.Ordinal)))
        {
            throw KratosException.BadRequest("The HTTP Request Header included the \"Cookie\" key, indicating that this request was made by a Browser. The flow however was initiated as an API request. To prevent potential misuse and mitigate several attack vectors including CSRF, the request has been blocked. Please consult the documentation.");
        }
    }

    /// <summary>What a user can put right, or is told: everything that a strategy throws by purpose.</summary>
    public static bool IsRefusal(Exception error) => error is FormException or KratosException;

    /// <exception cref="KratosException">The submission is for a method that the emulator does not have (501), or that is switched off (404).</exception>
    public void RequireServed(Submission submission)
    {
        var asked = submission["method"] ?? ForeignFields.FirstOrDefault(known => submission[known.Field] is not null).Method;
        if (asked is not null && Foreign.Contains(asked))
        {
            throw configuration.Methods.Contains(asked) ? KratosException.NotInEmulator($"The method '{asked}'") : MethodDisabled();
        }
    }

    /// <summary>Whether a submission names this method.</summary>
    /// <exception cref="KratosException">It does, and the method is switched off (404).</exception>
    public bool IsFor(Submission submission, string method)
    {
        if (submission["method"] != method)
        {
            return false;
        }

        RequireEnabled(method);
        return true;
    }

    /// <exception cref="KratosException">The method is switched off (404).</exception>
    public void RequireEnabled(string method)
    {
        if (!configuration.Methods.Contains(method))
        {
            throw MethodDisabled();
        }
    }

    public static void Sort(Flow flow, IdentitySchema schema)
    {
        var traits = schema.Inputs.Select(input => input.Name).ToList();
        switch (flow.Kind)
        {
            case FlowKind.Login:
                flow.Ui.Sort(LoginGroups, LoginKeys);
                break;
            case FlowKind.Registration:
                // The password comes after the first trait, which is what one signs in with.
                traits.InsertRange(Math.Min(1, traits.Count), ["password"]);
                flow.Ui.Sort(RegistrationGroups, ["csrf_token", .. traits, .. RegistrationKeys]);
                break;
            case FlowKind.Settings:
                flow.Ui.Sort(SettingsGroups, [.. traits, .. SettingsKeys]);
                break;
        }
    }

    /// <summary>A form without inputs.</summary>
    public UiContainer NewForm(Flow flow) => new(ActionOf(flow));

    /// <summary>Where a program fetches a flow.</summary>
    public string AddressOf(Flow flow) => Addresses.SetQuery(
        Addresses.AppendPath(configuration.PublicAddress, $"{PathOf(flow.Kind)}/flows"), ("id", flow.Id.ToString()));

    public string ActionOf(Flow flow) => ActionOf(flow.Kind, flow.Id);

    public string PageOf(Flow flow) => Addresses.SetQuery(configuration.PageOf(flow.Kind), ("flow", flow.Id.ToString()));

    /// <summary>Shows a flow: to a script as JSON, to a browser as a page.</summary>
    public Task ShowAsync(HttpContext http, Flow flow, JsonObject json) =>
        ContentNegotiation.AcceptsJson(http.Request) ? KratosJson.WriteAsync(http, 200, json) : RedirectAsync(http, PageOf(flow));

    /// <summary>Shows a settings flow again that a strategy has changed the form of.</summary>
    public Task ShowAgainAsync(HttpContext http, Flow flow, Identity identity) => flow.IsBrowser && !ContentNegotiation.IsJson(http.Request)
        ? RedirectAsync(http, PageOf(flow))
        : KratosJson.WriteAsync(http, 200, flow.ToJson(null, identity.ToJson(configuration.PublicAddress)));

    /// <summary>An error of a flow that is not about its form, or of no flow.</summary>
    public Task FailAsync(HttpContext http, Flow? flow, KratosException error) =>
        flow is { IsBrowser: false } ? KratosJson.WriteAsync(http, error) : ForwardAsync(http, error);

    /// <summary>Shows a flow in which somebody proves who they are, with the OAuth2 request behind it if there is one.</summary>
    public async Task ShowAsync(HttpContext http, FlowKind kind, string name)
    {
        var flow = Load(kind, http.Request.Query["id"]);
        RequireSameBrowser(http, flow);
        if (flow.ExpiresAt < Now)
        {
            throw Expired(flow, name, "self_service_flow_expired");
        }

        JsonObject? loginRequest = null;
        if (flow.LoginChallenge is not null)
        {
            try
            {
                loginRequest = await Hydra.GetAsync(flow.LoginChallenge, http.RequestAborted);
            }
            catch (KratosException error)
            {
                await ForwardAsync(http, error);
                return;
            }
        }

        await KratosJson.WriteAsync(http, 200, flow.ToJson(loginRequest));
    }

    /// <summary>Gives an error to a script, or sends the browser to the error page, which fetches it.</summary>
    public Task ForwardAsync(HttpContext http, KratosException error)
    {
        if (ContentNegotiation.IsJson(http.Request) || ContentNegotiation.AcceptsJson(http.Request))
        {
            return KratosJson.WriteAsync(http, error);
        }

        var stored = new StoredError(Guid.NewGuid(), error.ToJson(), Now);
        _errors.Save(stored.Id, stored);
        return RedirectAsync(http, Addresses.SetQuery(configuration.ErrorPage, ("id", stored.Id.ToString())));
    }

    public StoredError FindError(string? id) =>
        GoUuid.TryParse(id, out var guid) && _errors.Find(guid) is { } error ? error : throw KratosException.NoRows();

    /// <summary>Shows a flow again with what is wrong in its form; an error that no form can show goes its own way.</summary>
    public async Task RejectAsync(
        HttpContext http, Flow flow, Exception error, IdentitySchema schema, int redirectStatus, JsonObject? identity = null)
    {
        switch (error)
        {
            case FormException form:
                foreach (var (input, message) in form.Messages)
                {
                    flow.Ui.AddMessage(message, input);
                }

                break;
            case KratosException { Code: 400 } bad:
                flow.Ui.AddMessage(UiMessage.Generic(bad.Reason ?? ""));
                break;
            default:
                await FailAsync(http, flow, (KratosException)error);
                return;
        }

        Sort(flow, schema);
        Save(flow);
        if (flow.IsBrowser && !ContentNegotiation.IsJson(http.Request))
        {
            await RedirectAsync(http, PageOf(flow), redirectStatus);
            return;
        }

        var loginRequest = flow.LoginChallenge is null || flow.Kind is FlowKind.Verification
            ? null
            : await hydra.GetAsync(flow.LoginChallenge, http.RequestAborted);
        await KratosJson.WriteAsync(http, 400, flow.ToJson(loginRequest, identity));
    }

    /// <summary>Answers a submission that came too late with the flow that takes the old one's place.</summary>
    /// <param name="http">The request.</param>
    /// <param name="expired">The old flow.</param>
    /// <param name="replacement">The new one.</param>
    /// <param name="expiredAt">When it was too late, if that was before the end of the flow.</param>
    public Task ReplaceAsync(HttpContext http, Flow expired, Flow replacement, DateTimeOffset? expiredAt = null)
    {
        var end = expiredAt ?? expired.ExpiresAt;
        var ago = Now - end;
        replacement.RequestUrl = expired.RequestUrl;
        replacement.IdentitySchema = expired.IdentitySchema;
        replacement.Ui.AddMessage(UiMessage.FlowExpired(expired.Kind, end, ago));
        Save(replacement);
        if (expired.IsBrowser && !ContentNegotiation.IsJson(http.Request))
        {
            return RedirectAsync(http, PageOf(replacement));
        }

        return KratosJson.WriteAsync(http, ExpiredError(end, ago, replacement.Id));
    }

    /// <summary>Tells a program that a flow or its code ran out, and which flow takes the old one's place.</summary>
    public static KratosException ExpiredError(DateTimeOffset expiredAt, TimeSpan ago, Guid replacement, JsonObject? details = null) =>
        new(410, ExpiredMessage, FlowExpiredId, ExpiredReason(ago), details)
        {
            Members = new JsonObject
            {
                ["expired_at"] = KratosJson.Time(expiredAt),
                ["since"] = ago.Ticks * TimeSpan.NanosecondsPerTick,
                ["use_flow_id"] = replacement.ToString(),
            },
        };

    public static string ExpiredReason(TimeSpan ago) => string.Create(
        CultureInfo.InvariantCulture, $"The self-service flow expired {ago.TotalMinutes:F2} minutes ago, initialize a new one.");

    /// <summary>What a reader of an expired flow is told.</summary>
    public KratosException Expired(Flow flow, string name, string? id)
    {
        if (flow.IsBrowser)
        {
            var start = Addresses.AppendPath(configuration.PublicAddress, $"{PathOf(flow.Kind)}/browser");
            return KratosException.Gone(
                $"The {name} flow has expired. Redirect the user to the {name} flow init endpoint to initialize a new {name} flow.",
                id,
                new JsonObject
                {
                    ["redirect_to"] = flow.ReturnTo is null ? start : Addresses.SetQuery(start, ("return_to", flow.ReturnTo)),
                    ["return_to"] = flow.ReturnTo ?? "",
                });
        }

        return KratosException.Gone(
            $"The {name} flow has expired. Call the {name} flow init API endpoint to initialize a new {name} flow.",
            id,
            new JsonObject { ["api"] = Addresses.AppendPath(configuration.PublicAddress, $"{PathOf(flow.Kind)}/api") });
    }

    /// <summary>The query with the address that began the OAuth2 login as the one to return to, if the configuration wants that.</summary>
    public string WithReturnToOf(JsonObject loginRequest, string query) =>
        configuration.OAuth2OverridesReturnTo && loginRequest["request_url"]?.GetValue<string>() is { Length: > 0 } address
            ? Addresses.SetQueryOf(query, ("return_to", address))
            : query;

    /// <summary>The identity schema that a request asks for by name, or null.</summary>
    public string? RequestedSchema(HttpRequest request)
    {
        var requested = request.Query["identity_schema"].FirstOrDefault();
        if (string.IsNullOrEmpty(requested) || requested == configuration.DefaultSchema.Id)
        {
            return string.IsNullOrEmpty(requested) ? null : requested;
        }

        throw KratosException.BadRequest(configuration.Schemas.Any(schema => schema.Id == requested)
            ? $"Requested identity schema \"{requested}\" is not enabled for self-service flows."
            : $"Requested identity schema \"{requested}\" does not exist.");
    }

    public static Task RedirectAsync(HttpContext http, string address, int status = StatusCodes.Status303SeeOther)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.Location = address;
        return Task.CompletedTask;
    }

    /// <summary>The item of an answer that tells a script where the browser goes on.</summary>
    public static JsonObject ContinueAt(string address) => new() { ["action"] = "redirect_browser_to", ["redirect_browser_to"] = address };

    private string ActionOf(FlowKind kind, Guid id) =>
        Addresses.SetQuery(Addresses.AppendPath(configuration.PublicAddress, PathOf(kind)), ("flow", id.ToString()));

    private static string PathOf(FlowKind kind) => kind switch
    {
        FlowKind.Login => "/self-service/login",
        FlowKind.Registration => "/self-service/registration",
        FlowKind.Recovery => "/self-service/recovery",
        FlowKind.Verification => "/self-service/verification",
        _ => "/self-service/settings",
    };

    public static KratosException MethodDisabled() => KratosException.NotFound(
        "This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.");
}
