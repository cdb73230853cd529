using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>The login flow, for browsers and for programs.</summary>
internal sealed class LoginEndpoints(SelfService selfService, IdentityStore identities, PasswordVault passwords)
{
    private const string AlreadyLoggedIn = "session_already_available";

    private KratosConfiguration Configuration => selfService.Configuration;

    public void Map(Routes routes)
    {
        routes.Map("GET", "/self-service/login/api", StartApiAsync);
        routes.Map("GET", "/self-service/login/browser", StartBrowserAsync);
        routes.Map("GET", "/self-service/login/flows", ShowAsync);
        routes.Map("GET", "/self-service/login", SubmitAsync);
        routes.Map("POST", "/self-service/login", SubmitAsync);
    }

    private async Task StartApiAsync(HttpContext http)
    {
        var flow = Start(http, browser: false, http.Request.QueryString.Value ?? "");
        await KratosJson.WriteAsync(http, 200, flow.ToJson());
    }

    private async Task StartBrowserAsync(HttpContext http)
    {
        try
        {
            await StartBrowserCoreAsync(http);
        }
        catch (KratosException error) when (error.Code != 501)
        {
            await selfService.ForwardAsync(http, error);
        }
    }

    private async Task StartBrowserCoreAsync(HttpContext http)
    {
        var query = http.Request.QueryString.Value ?? "";
        JsonObject? loginRequest = null;
        if (selfService.Hydra.ChallengeOf(http.Request.Query) is { } challenge)
        {
            loginRequest = await selfService.Hydra.GetAsync(challenge, http.RequestAborted);
            if (!Skips(loginRequest))
            {
                query = Addresses.SetQueryOf(query, ("refresh", "true"));
            }

            query = selfService.WithReturnToOf(loginRequest, query);
        }

        try
        {
            var flow = Start(http, browser: true, query);
            await selfService.ShowAsync(http, flow, flow.ToJson(loginRequest));
        }
        catch (KratosException error) when (error.Id == AlreadyLoggedIn && selfService.Sessions.Find(http.Request) is { } found)
        {
            string target;
            if (loginRequest is null)
            {
                target = selfService.ReturnTo.Resolve(Addresses.QueryValue(query, "return_to"), Configuration.DefaultReturnAddress);
            }
            else if (Skips(loginRequest))
            {
                target = await selfService.Hydra.AcceptAsync(http.Request.Query["login_challenge"]!, found.Session, http.RequestAborted);
            }
            else
            {
                throw KratosException.Forbidden("ErrAlreadyLoggedIn indicated we can skip login, but Hydra asked us to refresh");
            }

            if (ContentNegotiation.AcceptsJson(http.Request))
            {
                await KratosJson.WriteAsync(http, error);
                return;
            }

            await SelfService.RedirectAsync(http, target);
        }
    }

    private async Task ShowAsync(HttpContext http)
    {
        await selfService.ShowAsync(http, FlowKind.Login, "login");
    }

    private async Task SubmitAsync(HttpContext http)
    {
        Flow flow;
        try
        {
            flow = selfService.LoadSubmitted(http.Request, FlowKind.Login);
        }
        catch (KratosException error)
        {
            await selfService.FailAsync(http, null, error);
            return;
        }

        try
        {
            await SubmitAsync(http, flow);
        }
        catch (Exception error) when (error is FormException or KratosException { Code: not 501 })
        {
            flow.Ui.ResetMessages();
            await selfService.RejectAsync(http, flow, error, Configuration.DefaultSchema, StatusCodes.Status303SeeOther);
        }
    }

    private async Task SubmitAsync(HttpContext http, Flow flow)
    {
        var found = selfService.Sessions.Find(http.Request);
        if (found is not null && !flow.Refresh && flow.RequestedAal == Session.Aal1)
        {
            if (!flow.IsBrowser || ContentNegotiation.IsJson(http.Request))
            {
                throw LoggedInAlready();
            }

            await SelfService.RedirectAsync(http, Configuration.DefaultReturnAddress);
            return;
        }

        if (found is null && flow.RequestedAal != Session.Aal1)
        {
            throw SessionRequired();
        }

        if (flow.ExpiresAt < selfService.Now)
        {
            var replacement = Start(http, flow.IsBrowser, http.Request.QueryString.Value ?? "");
            await selfService.ReplaceAsync(http, flow, replacement);
            return;
        }

        var submission = await Submission.ReadAsync(http.Request);
        if (!selfService.IsFor(submission, "password") || flow.RequestedAal != Session.Aal1)
        {
            throw new FormException(UiMessage.NoLoginStrategy);
        }

        Identity identity;
        try
        {
            identity = Authenticate(http, flow, submission);
        }
        catch (Exception error) when (error is FormException or KratosException)
        {
            flow.Ui.Reset("password");
            flow.Ui.SetValue("identifier", submission["identifier"] ?? submission["password_identifier"] ?? "");
            if (flow.IsBrowser)
            {
                flow.Ui.SetCsrf(CsrfProtection.Token(http));
            }

            throw;
        }

        flow.Active = Credential.Password;
        selfService.Save(flow);
        var session = selfService.Sessions.Activate(http.Request, found?.Session, identity);
        await FinishAsync(http, flow, session, identity);
    }

    private Identity Authenticate(HttpContext http, Flow flow, Submission submission)
    {
        var identifier = submission["identifier"] ?? submission["password_identifier"];
        var missing = new List<(string? Input, UiMessage Message)>();
        if (submission["password"] is null)
        {
            missing.Add(("password", UiMessage.Required("password")));
        }

        if (identifier is null)
        {
            missing.Add(("identifier", UiMessage.Required("identifier")));
        }

        if (missing.Count > 0)
        {
            throw new FormException(missing);
        }

        selfService.RequireCsrfToken(http, flow, submission);
        var identity = identities.FindByIdentifier(Credential.Password, identifier!);
        return passwords.Verify(identity?.PasswordHash, submission["password"]!) ? identity! : throw new FormException(UiMessage.InvalidCredentials);
    }

    private async Task FinishAsync(HttpContext http, Flow flow, Session session, Identity identity)
    {
        var after = Configuration.ReturnAddressAfter(FlowKind.Login, Credential.Password, Configuration.DefaultReturnAddress);
        var target = selfService.ReturnTo.Resolve(flow.ReturnTo, after);
        var json = selfService.Sessions.ToJson(session, identity);
        if (!flow.IsBrowser)
        {
            await KratosJson.WriteAsync(http, 200, new JsonObject { ["session_token"] = session.Token, ["session"] = json, ["continue_with"] = null });
            return;
        }

        selfService.Sessions.IssueCookie(http, session);
        var script = ContentNegotiation.IsJson(http.Request);
        if (flow.LoginChallenge is not null)
        {
            target = await selfService.Hydra.AcceptAsync(flow.LoginChallenge, session, http.RequestAborted);
            if (script)
            {
                await KratosJson.WriteAsync(http, KratosException.LocationChangeRequired(target));
                return;
            }
        }
        else if (script)
        {
            await KratosJson.WriteAsync(http, 200, new JsonObject { ["session"] = json, ["continue_with"] = new JsonArray(SelfService.ContinueAt(target)) });
            return;
        }

        await SelfService.RedirectAsync(http, target);
    }

    private Flow Start(HttpContext http, bool browser, string query)
    {
        var flow = selfService.Begin(http, FlowKind.Login, browser, "choose_method", query);
        flow.LoginChallenge = selfService.Hydra.ChallengeOf(http.Request.Query);
        flow.Refresh = Submission.GoBoolean(Addresses.QueryValue(query, "refresh")) == true;
        flow.RequestedAal = Addresses.QueryValue(query, "aal")?.ToLowerInvariant() ?? Session.Aal1;
        if (flow.RequestedAal is not (Session.Aal1 or Session.Aal2))
        {
            throw KratosException.BadRequest(
                $"Unable to parse AuthenticationMethod Assurance Level (AAL): expected one of [aal1, aal2] but got {flow.RequestedAal}");
        }

        if (flow.RequestedAal == Session.Aal1)
        {
            flow.IdentitySchema = selfService.RequestedSchema(http.Request);
        }

        var found = selfService.Sessions.Find(http.Request);
        if (found is null)
        {
            flow.Refresh = false;
            if (flow.RequestedAal != Session.Aal1)
            {
                throw SessionRequired();
            }
        }
        else if (!flow.Refresh && flow.RequestedAal == Session.Aal1)
        {
            throw LoggedInAlready();
        }

        Populate(http, flow, found?.Identity);
        SelfService.Sort(flow, Configuration.DefaultSchema);
        selfService.Save(flow);
        return flow;
    }

    private void Populate(HttpContext http, Flow flow, Identity? identity)
    {
        var token = CsrfProtection.Token(http);
        if (flow.RequestedAal == Session.Aal1)
        {
            var renewal = flow.Refresh ? identity?.Credentials.GetValueOrDefault(Credential.Password) : null;
            // Where codes sign in, Kratos puts its empty input over the known identifier of a login that renews.
            var identifier = new UiNode(UiNode.DefaultGroup, "identifier", "text")
            {
                Value = "",
                Required = true,
                Autocomplete = !flow.Refresh && Configuration.Methods.Contains("passkey") ? "username webauthn" : null,
                Label = Configuration.DefaultSchema.IdentifierLabel,
            };
            if (flow.Refresh && !Configuration.CodeSignsIn && renewal is { Identifiers: [var known, ..] })
            {
                identifier = new UiNode(UiNode.DefaultGroup, "identifier", "hidden") { Value = known };
            }

            flow.Ui.Upsert(identifier);
            flow.Ui.SetCsrf(token);
            if (Configuration.Methods.Contains("password") && (!flow.Refresh || renewal?.PasswordHash is not null))
            {
                flow.Ui.Upsert(UiNode.Password("current-password"));
                flow.Ui.Append(UiNode.Submit(UiNode.PasswordGroup, "password", flow.Refresh ? UiMessage.SignIn : UiMessage.SignInWithPassword));
            }
        }

        if (flow.Refresh)
        {
            flow.Ui.AddMessage(UiMessage.ConfirmItIsYou);
        }

        if (flow.RequestedAal == Session.Aal2)
        {
            flow.Ui.AddMessage(UiMessage.SecondFactor);
        }

        if (flow.IsBrowser)
        {
            flow.Ui.SetCsrf(token);
        }
    }

    private static bool Skips(JsonObject loginRequest) => loginRequest["skip"]?.GetValue<bool>() == true;

    private static KratosException LoggedInAlready() => new(
        400,
        "you are already logged in",
        AlreadyLoggedIn,
        "A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?");

    private static KratosException SessionRequired() => new(
        401,
        "aal2 and aal3 can only be requested if a session exists already",
        "session_aal1_required",
        "You can not requested a higher AAL (AAL2/AAL3) without an active session.");
}
