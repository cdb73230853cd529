using System.Text.Json.Nodes;
using NovaId.Emulator.Kratos.Strategies;

namespace NovaId.Emulator.Kratos;

/// <summary>The settings flow: whoever is signed in changes what is their own.</summary>
internal sealed class SettingsEndpoints(SelfService selfService, IdentityStore identities, StrategySet strategies, PrivilegedChanges privileged, VerificationEndpoints verification)
{
    private KratosConfiguration Configuration => selfService.Configuration;

    public void Map(Routes routes)
    {
        routes.Map("GET", "/self-service/settings/api", StartApiAsync);
        routes.Map("GET", "/self-service/settings/browser", StartBrowserAsync);
        routes.Map("GET", "/self-service/settings/flows", ShowAsync);
        routes.Map("GET", "/self-service/settings", SubmitAsync);
        routes.Map("POST", "/self-service/settings", SubmitAsync);
    }

    /// <summary>The form with which somebody who just recovered their account sets it up anew.</summary>
    public Flow StartAfterRecovery(HttpContext http, Flow recovery, Identity identity)
    {
        var flow = Start(http, recovery.IsBrowser, identity);
        if ((recovery.ReturnTo ?? Configuration.RecoveryReturnAddress) is { } returnTo)
        {
            flow.RequestUrl = Addresses.SetQuery(flow.RequestUrl, ("return_to", returnTo));
        }

        var left = Configuration.PrivilegedSessionMaxAge;
        flow.Ui.AddMessage(UiMessage.Recovered(selfService.Now + left, left));
        selfService.Save(flow);
        return flow;
    }

    private async Task StartApiAsync(HttpContext http)
    {
        var found = selfService.Sessions.Find(http.Request)
            ?? throw KratosException.NoActiveSession("This endpoint can only be accessed with a valid session. Please log in and try again.");
        if (!IsStrongEnough(found))
        {
            throw selfService.Sessions.TooWeak();
        }

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

        if (!IsStrongEnough(found))
        {
            var back = string.IsNullOrEmpty(http.Request.Query["return_to"]) ? null : Addresses.RequestUrl(http.Request);
            await StepUpAsync(http, ContentNegotiation.IsJson(http.Request), back);
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

        foreach (var strategy in strategies.Enabled<ISettingsStrategy>())
        {
            privileged.Abort(http, found.Identity.Id, strategy.Method);
        }

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

        if (!IsStrongEnough(found))
        {
            throw selfService.Sessions.TooWeak(selfService.PageOf(flow));
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

        if (!IsStrongEnough(found))
        {
            await StepUpAsync(http, !flow.IsBrowser || ContentNegotiation.IsJson(http.Request), Addresses.RequestUrl(http.Request));
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
            await SubmitAsync(http, flow, found);
        }
        catch (Exception error) when (error is FormException or KratosException { Code: not 501 })
        {
            if (error is KratosException { Id: PrivilegedChanges.StaleId } stale)
            {
                await ReauthenticateAsync(http, flow, stale);
                return;
            }

            await selfService.RejectAsync(
                http, flow, error, found.Identity.Schema, StatusCodes.Status303SeeOther, found.Identity.ToJson(Configuration.PublicAddress));
        }
    }

    private async Task SubmitAsync(HttpContext http, Flow flow, ActiveSession holder)
    {
        var submission = Resume(http, flow) ?? await Submission.ReadAsync(http.Request);
        selfService.RequireServed(submission);
        foreach (var strategy in strategies.All<ISettingsStrategy>())
        {
            var outcome = await strategy.ChangeAsync(new Attempt(http, flow, submission, holder));
            if (!outcome.IsResponsible)
            {
                continue;
            }

            if (outcome.Identity is { } identity)
            {
                await FinishAsync(http, flow, holder.Session, identity, strategy.Method);
            }

            return;
        }

        flow.Ui.ResetMessages();
        throw new FormException(UiMessage.NoSettingsStrategy);
    }

    /// <summary>What a browser had sent before it had to sign in again, if it comes back to the same flow.</summary>
    private Submission? Resume(HttpContext http, Flow flow) => flow.IsBrowser && !ContentNegotiation.IsJson(http.Request)
        ? strategies.All<ISettingsStrategy>().Select(strategy => privileged.Resume(http, flow, strategy.Method)).FirstOrDefault(paused => paused is not null)
        : null;

    private async Task FinishAsync(HttpContext http, Flow flow, Session session, Identity identity, string method)
    {
        var after = Configuration.ReturnAddressAfter(FlowKind.Settings, method, selfService.PageOf(flow));
        var target = selfService.ReturnTo.Resolve(flow.ReturnTo, after);
        flow.State = "success";
        flow.Ui = Populate(http, flow, identity);
        flow.Ui.AddMessage(UiMessage.SettingsSaved);
        selfService.Save(flow);
        verification.StartAfter(http, flow, identity, null);
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

    private bool IsStrongEnough(ActiveSession holder) => SessionManager.Satisfies(holder, Configuration.SettingsAssuranceLevel);

    /// <summary>Tells a program that its session is too weak, or sends the browser to the second factor and back.</summary>
    private Task StepUpAsync(HttpContext http, bool program, string? returnTo) => program
        ? KratosJson.WriteAsync(http, selfService.Sessions.TooWeak(returnTo))
        : SelfService.RedirectAsync(http, selfService.Sessions.StepUpAddress(returnTo));

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
        flow.Context = flow.Context.Clear();
        foreach (var strategy in strategies.Enabled<ISettingsStrategy>())
        {
            strategy.Populate(http, flow, identity);
        }

        SelfService.Sort(flow, identity.Schema);
        return flow.Ui;
    }

    private JsonObject ToJson(Flow flow) => flow.ToJson(null, identities.Find(flow.IdentityId)?.ToJson(Configuration.PublicAddress));

    private Task WriteAsync(HttpContext http, Flow flow) => KratosJson.WriteAsync(http, 200, ToJson(flow));

    private Task RefuseAsync(HttpContext http) => ContentNegotiation.IsJson(http.Request)
        ? KratosJson.WriteAsync(http, KratosException.Unauthorized("A valid Ory Session Cookie or Ory Session Token is missing."))
        : SelfService.RedirectAsync(http, Configuration.PageOf(FlowKind.Login), StatusCodes.Status302Found);
}
