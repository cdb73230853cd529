using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>The settings flow: whoever is signed in changes their own traits and password.</summary>
internal sealed class SettingsEndpoints(SelfService selfService, IdentityStore identities, PasswordVault passwords, Continuity continuity)
{
    private const string Profile = "profile";
    private const string ContinuityPrefix = "ory_kratos_settings_";

    private KratosConfiguration Configuration => selfService.Configuration;

    public void Map(Routes routes)
    {
        routes.Map("GET", "/self-service/settings/api", StartApiAsync);
        routes.Map("GET", "/self-service/settings/browser", StartBrowserAsync);
        routes.Map("GET", "/self-service/settings/flows", ShowAsync);
        routes.Map("GET", "/self-service/settings", SubmitAsync);
        routes.Map("POST", "/self-service/settings", SubmitAsync);
    }

    private async Task StartApiAsync(HttpContext http)
    {
        var found = selfService.Sessions.Find(http.Request)
            ?? throw KratosException.NoActiveSession("This endpoint can only be accessed with a valid session. Please log in and try again.");
        await WriteAsync(http, Start(http, browser: false, found.Identity));
    }

    private async Task StartBrowserAsync(HttpContext http)
    {
        if (selfService.Sessions.Find(http.Request) is not { } found)
        {
            if (ContentNegotiation.IsJson(http.Request))
            {
                // Kratos lets this field of its own slip into the body.
                throw new KratosException(401, KratosException.NoActiveSession().Message, "session_inactive", KratosException.NoActiveSession().Reason)
                {
                    Members = new JsonObject { ["CredentialsMissing"] = false },
                };
            }

            var login = Addresses.AppendPath(Configuration.PublicAddress, "/self-service/login/browser");
            var returnTo = http.Request.Query["return_to"].ToString();
            await SelfService.RedirectAsync(http, returnTo.Length == 0 ? login : Addresses.SetQuery(login, ("return_to", returnTo)));
            return;
        }

        Flow flow;
        try
        {
            flow = Start(http, browser: true, found.Identity);
        }
        catch (KratosException error) when (error.Code != 501)
        {
            await selfService.ForwardAsync(http, error);
            return;
        }

        continuity.Resume(http, ContinuityPrefix + Profile, found.Identity.Id);
        continuity.Resume(http, ContinuityPrefix + Credential.Password, found.Identity.Id);
        await selfService.ShowAsync(http, flow, ToJson(flow));
    }

    private async Task ShowAsync(HttpContext http)
    {
        if (selfService.Sessions.Find(http.Request) is not { } found)
        {
            await RefuseAsync(http);
            return;
        }

        var flow = selfService.Load(FlowKind.Settings, http.Request.Query["id"]);
        if (flow.IdentityId != found.Identity.Id)
        {
            throw KratosException.Forbidden(
                "The request was made for another identity and has been blocked for security reasons.", "security_identity_mismatch");
        }

        if (flow.ExpiresAt < selfService.Now)
        {
            throw selfService.Expired(flow, "settings", null);
        }

        await WriteAsync(http, flow);
    }

    private async Task SubmitAsync(HttpContext http)
    {
        if (selfService.Sessions.Find(http.Request) is not { } found)
        {
            await RefuseAsync(http);
            return;
        }

        Flow flow;
        try
        {
            flow = selfService.LoadSubmitted(http.Request, FlowKind.Settings);
        }
        catch (KratosException error)
        {
            await selfService.FailAsync(http, null, error.Code == 404
                ? KratosException.NotFound("The settings request could not be found. Please restart the flow.")
                : error);
            return;
        }

        if (flow.ExpiresAt < selfService.Now)
        {
            await selfService.ReplaceAsync(http, flow, Start(http, flow.IsBrowser, found.Identity));
            return;
        }

        if (flow.IdentityId != found.Identity.Id)
        {
            await selfService.FailAsync(http, flow, KratosException.Forbidden(
                "The request was initiated by someone else and has been blocked for security reasons. Please go back and try again.",
                "security_identity_mismatch"));
            return;
        }

        try
        {
            await SubmitAsync(http, flow, found.Session, found.Identity);
        }
        catch (Exception error) when (error is FormException or KratosException { Code: not 501 })
        {
            if (error is KratosException { Id: "session_refresh_required" } stale)
            {
                await ReauthenticateAsync(http, flow, stale);
                return;
            }

            await selfService.RejectAsync(
                http, flow, error, found.Identity.Schema, StatusCodes.Status303SeeOther, found.Identity.ToJson(Configuration.PublicAddress));
        }
    }

    private async Task SubmitAsync(HttpContext http, Flow flow, Session session, Identity identity)
    {
        var resumed = Resume(http, flow, identity);
        var submission = resumed ?? await Submission.ReadAsync(http.Request);
        string method;
        if (selfService.IsFor(submission, Profile))
        {
            method = Profile;
            UpdateProfile(http, flow, session, identity, submission);
        }
        else if (selfService.IsFor(submission, Credential.Password))
        {
            method = Credential.Password;
            UpdatePassword(http, flow, session, identity, submission);
        }
        else
        {
            flow.Ui.ResetMessages();
            throw new FormException(UiMessage.NoSettingsStrategy);
        }

        await FinishAsync(http, flow, session, method);
    }

    /// <summary>What a browser had sent before it had to sign in again, if it comes back to the same flow.</summary>
    private Submission? Resume(HttpContext http, Flow flow, Identity identity)
    {
        if (!flow.IsBrowser || ContentNegotiation.IsJson(http.Request))
        {
            return null;
        }

        foreach (var method in new[] { Profile, Credential.Password })
        {
            if (continuity.Resume(http, ContinuityPrefix + method, identity.Id) is { } paused && paused.FlowId == flow.Id)
            {
                return paused.Submission;
            }
        }

        return null;
    }

    private void UpdateProfile(HttpContext http, Flow flow, Session session, Identity identity, Submission submission)
    {
        var schema = identity.Schema;
        var traits = submission.Traits(schema);
        try
        {
            if (schema.ValidateSubmitted(traits) is { } wrong)
            {
                throw new FormException([.. wrong.ToMessages()]);
            }

            selfService.RequireCsrfToken(http, flow, submission);
            if (schema.Validate(traits) is { } violation)
            {
                throw new FormException([.. violation.ToMessages()]);
            }

            var privileged = IsPrivileged(session);
            var now = selfService.Now;
            identities.Update(identity.Id, current =>
            {
                var updated = current.WithTraits(traits, now) with { UpdatedAt = now };
                return privileged || !TouchesCredentials(current, updated) ? updated : throw Stale();
            });
        }
        catch (Exception error) when (error is FormException or KratosException)
        {
            if (error is KratosException { Id: "session_refresh_required" })
            {
                continuity.Pause(http, ContinuityPrefix + Profile, identity.Id, flow.Id, submission);
            }

            flow.Ui.ResetTraits();
            flow.Ui.SetTraits(traits, UiNode.ProfileGroup);
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
            throw error is KratosException { Code: 409 } ? new FormException(UiMessage.DuplicateCredentials) : error;
        }
    }

    private void UpdatePassword(HttpContext http, Flow flow, Session session, Identity identity, Submission submission)
    {
        try
        {
            var password = submission["password"] ?? throw new FormException(UiMessage.Required("password"), "password");
            selfService.RequireCsrfToken(http, flow, submission);
            if (!IsPrivileged(session))
            {
                throw Stale();
            }

            passwords.RequireStrong(password, identity.Credentials.GetValueOrDefault(Credential.Password)?.Identifiers ?? []);
            if (identity.PasswordHash is { } old && passwords.Verify(old, password))
            {
                throw new FormException(UiMessage.PasswordSameAsOld, "password");
            }

            var hash = PasswordVault.Hash(password);
            var now = selfService.Now;
            identities.Update(identity.Id, current => current.WithPassword(hash, now) with { UpdatedAt = now });
        }
        catch (Exception error) when (error is FormException or KratosException)
        {
            if (error is KratosException { Id: "session_refresh_required" } && flow.IsBrowser)
            {
                continuity.Pause(http, ContinuityPrefix + Credential.Password, identity.Id, flow.Id, submission);
            }

            flow.Ui.ResetMessages();
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
            throw;
        }
    }

    private async Task FinishAsync(HttpContext http, Flow flow, Session session, string method)
    {
        var after = Configuration.ReturnAddressAfter(FlowKind.Settings, method, selfService.PageOf(flow));
        var target = selfService.ReturnTo.Resolve(flow.ReturnTo, after);
        var identity = identities.Find(flow.IdentityId) ?? throw KratosException.NoRows();
        flow.State = "success";
        flow.Ui = Populate(http, flow, identity);
        flow.Ui.AddMessage(UiMessage.SettingsSaved);
        selfService.Save(flow);
        if (!flow.IsBrowser)
        {
            await WriteAsync(http, flow);
            return;
        }

        selfService.Sessions.IssueCookie(http, session);
        if (ContentNegotiation.IsJson(http.Request))
        {
            var json = ToJson(flow);
            json["continue_with"] = new JsonArray(SelfService.ContinueAt(target));
            await KratosJson.WriteAsync(http, 200, json);
            return;
        }

        await SelfService.RedirectAsync(http, target);
    }

    /// <summary>Tells a program to sign in again, or sends the browser there and back.</summary>
    private Task ReauthenticateAsync(HttpContext http, Flow flow, KratosException stale)
    {
        var back = Addresses.AppendPath(Configuration.PublicAddress, http.Request.Path.Value!) + Addresses.SetQueryOf(http.Request.QueryString.Value ?? "");
        var login = Addresses.SetQuery(
            Addresses.AppendPath(Configuration.PublicAddress, "/self-service/login/browser"), ("refresh", "true"), ("return_to", back));
        return flow.IsBrowser && !ContentNegotiation.IsJson(http.Request)
            ? SelfService.RedirectAsync(http, login)
            : KratosJson.WriteAsync(http, new KratosException(stale.Code, stale.Message, stale.Id, stale.Reason)
            {
                Members = new JsonObject { ["redirect_browser_to"] = login },
            });
    }

    private bool IsPrivileged(Session session) => session.AuthenticatedAt + Configuration.PrivilegedSessionMaxAge >= selfService.Now;

    private static bool TouchesCredentials(Identity before, Identity after) =>
        !before.VerifiableAddresses.SequenceEqual(after.VerifiableAddresses)
        || before.Credentials.Count != after.Credentials.Count
        || before.Credentials.Values.Any(credential => after.Credentials.GetValueOrDefault(credential.Type)?.SameAs(credential) != true);

    private Flow Start(HttpContext http, bool browser, Identity identity)
    {
        var flow = selfService.Begin(http, FlowKind.Settings, browser, "show_form", http.Request.QueryString.Value ?? "");
        flow.IdentityId = identity.Id;
        flow.Ui = Populate(http, flow, identity);
        selfService.Save(flow);
        return flow;
    }

    private UiContainer Populate(HttpContext http, Flow flow, Identity identity)
    {
        flow.Ui = new UiContainer(selfService.ActionOf(flow));
        if (Configuration.Methods.Contains(Profile))
        {
            foreach (var node in SelfService.TraitInputs(identity.Schema, UiNode.ProfileGroup))
            {
                flow.Ui.Upsert(node);
            }

            flow.Ui.SetTraits(identity.Traits, UiNode.ProfileGroup);
            flow.Ui.Append(UiNode.Submit(UiNode.ProfileGroup, Profile, UiMessage.Save));
        }

        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        if (Configuration.Methods.Contains(Credential.Password))
        {
            flow.Ui.Upsert(UiNode.Password("new-password"));
            flow.Ui.Append(UiNode.Submit(UiNode.PasswordGroup, Credential.Password, UiMessage.Save));
        }

        SelfService.Sort(flow, identity.Schema);
        return flow.Ui;
    }

    private JsonObject ToJson(Flow flow) => flow.ToJson(null, identities.Find(flow.IdentityId)?.ToJson(Configuration.PublicAddress));

    private Task WriteAsync(HttpContext http, Flow flow) => KratosJson.WriteAsync(http, 200, ToJson(flow));

    private Task RefuseAsync(HttpContext http) => ContentNegotiation.IsJson(http.Request)
        ? KratosJson.WriteAsync(http, KratosException.Unauthorized("A valid Ory Session Cookie or Ory Session Token is missing."))
        : SelfService.RedirectAsync(http, Configuration.PageOf(FlowKind.Login), StatusCodes.Status302Found);

    private static KratosException Stale() => KratosException.Forbidden(
        "The login session is too old and thus not allowed to update these fields. Please re-authenticate.", "session_refresh_required");
}
