using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>The recovery flow: whoever reads the mails of an account gets back into it, and sets it up anew.</summary>
internal sealed class RecoveryEndpoints(
    SelfService selfService, IdentityStore identities, OneTimeCodes codes, CodeSender sender, SettingsEndpoints settings, SessionStore sessions, CsrfProtection csrf)
{
    private const string Name = "recovery";

    private KratosConfiguration Configuration => selfService.Configuration;

    public void Map(Routes routes)
    {
        routes.Map("GET", "/self-service/recovery/api", StartApiAsync);
        routes.Map("GET", "/self-service/recovery/browser", StartBrowserAsync);
        routes.Map("GET", "/self-service/recovery/flows", ShowAsync);
        routes.Map("GET", "/self-service/recovery", SubmitAsync);
        routes.Map("POST", "/self-service/recovery", SubmitAsync);
    }

    /// <summary>A flow that waits for a code which somebody hands over: whoever has its address may go on with it.</summary>
    public Flow StartFor(HttpContext http, bool browser, TimeSpan lifespan)
    {
        var flow = New(http, browser, lifespan);
        flow.SkipsCsrfCheck = true;
        flow.State = FlowState.EmailSent;
        flow.Ui.Clear();
        flow.Ui.Append(CodeForm.CodeOfSixDigits(UiMessage.RecoveryCode));
        flow.Ui.Append(CodeForm.Continue);
        selfService.Save(flow);
        return flow;
    }

    private async Task StartApiAsync(HttpContext http)
    {
        if (selfService.Sessions.Find(http.Request) is not null)
        {
            throw LoggedInAlready();
        }

        if (!Configuration.RecoveryEnabled)
        {
            await selfService.ForwardAsync(http, Disabled());
            return;
        }

        var flow = New(http, browser: false, Configuration.LifespanOf(FlowKind.Recovery));
        selfService.Save(flow);
        await KratosJson.WriteAsync(http, 200, flow.ToJson());
    }

    private async Task StartBrowserAsync(HttpContext http)
    {
        if (selfService.Sessions.Find(http.Request) is not null)
        {
            await RefuseAsync(http);
            return;
        }

        if (!Configuration.RecoveryEnabled)
        {
            await selfService.ForwardAsync(http, Disabled());
            return;
        }

        Flow flow;
        try
        {
            flow = New(http, browser: true, Configuration.LifespanOf(FlowKind.Recovery));
        }
        catch (KratosException error) when (error.Code != 501)
        {
            await selfService.ForwardAsync(http, error);
            return;
        }

        selfService.Save(flow);
        await selfService.ShowAsync(http, flow, flow.ToJson());
    }

    private async Task ShowAsync(HttpContext http)
    {
        if (!Configuration.RecoveryEnabled)
        {
            await selfService.ForwardAsync(http, Disabled());
            return;
        }

        var flow = selfService.Load(FlowKind.Recovery, http.Request.Query["id"]);
        if (!flow.SkipsCsrfCheck)
        {
            selfService.RequireSameBrowser(http, flow);
        }

        if (flow.ExpiresAt < selfService.Now)
        {
            throw flow.IsBrowser
                ? selfService.Expired(flow, Name, null)
                : new KratosException(
                    410,
                    SelfService.ExpiredMessage,
                    SelfService.FlowExpiredId,
                    SelfService.ExpiredReason(selfService.Now - flow.ExpiresAt),
                    new JsonObject { ["api"] = Addresses.AppendPath(Configuration.PublicAddress, "/self-service/recovery/api") });
        }

        await KratosJson.WriteAsync(http, 200, flow.ToJson());
    }

    private Task SubmitAsync(HttpContext http) => selfService.SubmitAsync(
        http, FlowKind.Recovery, UiMessage.NoRecoveryStrategy, flow => SubmitAsync(http, flow), flow => ReplaceAsync(http, flow), flow => flow.Ui.ResetMessages());

    private async Task SubmitAsync(HttpContext http, Flow flow)
    {
        // Once it was asked for another method, a flow serves none.
        if (flow.Active != Credential.Code)
        {
            throw new FormException(UiMessage.NoRecoveryStrategy);
        }

        Submission.RequirePost(http.Request);
        var submission = await Submission.ReadWithQueryAsync(http.Request);
        var email = submission["email"];
        if (email is not null && !EmailFormat.IsValid(email))
        {
            throw new FormException(UiMessage.Email(email), "email");
        }

        if (!flow.SkipsCsrfCheck)
        {
            try
            {
                selfService.RequireCsrfToken(http, flow, submission);
            }
            catch (KratosException error)
            {
                // The browser has lost its token, or somebody forges: the old flow is left to itself.
                await RetryAsync(http, browser: true, error);
                return;
            }
        }

        flow.Ui.ResetMessages();
        if (flow.State != FlowState.ChooseMethod && email is null)
        {
            selfService.RequireEnabled(Credential.Code);
            await UseAsync(http, flow, submission, submission["code"] ?? "");
            return;
        }

        if (selfService.Sessions.Find(http.Request) is not null)
        {
            await RefuseAsync(http);
            return;
        }

        if (submission["method"] == "link")
        {
            throw SelfService.MethodDisabled();
        }

        if (!selfService.IsFor(submission, Credential.Code))
        {
            throw new FormException(UiMessage.NoRecoveryStrategy);
        }

        if (flow.State == FlowState.PassedChallenge)
        {
            await RetryAsync(http, flow.IsBrowser, UiMessage.RecoveryRetried);
            return;
        }

        await SendAsync(http, flow, submission, email ?? throw new FormException(UiMessage.Required("email"), "email"));
    }

    private async Task SendAsync(HttpContext http, Flow flow, Submission submission, string email)
    {
        selfService.RequireCsrfToken(http, flow, submission);
        codes.DeleteOf(flow.Id);
        sender.SendRecovery(flow, email);
        flow.Ui = selfService.NewForm(flow);
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Active = Credential.Code;
        flow.State = FlowState.EmailSent;
        flow.Ui.AddMessage(UiMessage.RecoveryCodeSent);
        flow.Ui.Append(CodeForm.CodeOfSixDigits(UiMessage.RecoveryCode));
        flow.Ui.Append(CodeForm.Method);
        flow.Ui.Append(CodeForm.Continue);
        flow.Ui.Append(CodeForm.ResendTo(email));
        selfService.Save(flow);
        await AnswerAsync(http, flow, submission);
    }

    private async Task UseAsync(HttpContext http, Flow flow, Submission submission, string submitted)
    {
        var (use, code) = codes.Use(flow.Id, submitted, sent => identities.Find(sent.IdentityId!.Value) is not null);
        switch (use)
        {
            case CodeUse.AlreadyUsed:
                await RetryAsync(http, flow.IsBrowser, CodeRefusal.AlreadyUsed());
                return;
            case CodeUse.TooOften:
                await RetryAsync(http, flow.IsBrowser, CodeRefusal.TooOften());
                return;
            case CodeUse.Unknown or CodeUse.Expired:
                flow.Ui.AddMessage(UiMessage.RecoveryCodeInvalid);
                selfService.Save(flow);
                await AnswerAsync(http, flow, submission);
                return;
        }

        var now = selfService.Now;
        var identity = identities.Update(code!.IdentityId!.Value, current => code.Address is { } address
            ? current.WithAddress(address, verified => verified.CompletedAt(now))
            : current);
        await FinishAsync(http, flow, submission, identity);
    }

    private async Task FinishAsync(HttpContext http, Flow flow, Submission submission, Identity identity)
    {
        flow.State = FlowState.PassedChallenge;
        if (flow.IsBrowser)
        {
            csrf.Regenerate(http);
            flow.CsrfToken = CsrfProtection.Token(http);
            flow.Ui.SetCsrf(flow.CsrfToken);
        }

        selfService.Save(flow);
        Session session;
        try
        {
            session = selfService.Sessions.Activate(http.Request, null, identity, "code_recovery", Session.Aal1);
        }
        catch (KratosException error)
        {
            await RetryAsync(http, flow.IsBrowser, error);
            return;
        }

        if (Configuration.RecoveryRevokesSessions)
        {
            sessions.Revoke(other => other.IdentityId == identity.Id && other.Id != session.Id);
        }

        var continueWith = new JsonArray();
        if (flow.IsBrowser)
        {
            selfService.Sessions.IssueCookie(http, session);
        }
        else
        {
            continueWith.Add(new JsonObject { ["action"] = "set_ory_session_token", ["ory_session_token"] = session.Token });
        }

        var next = settings.StartAfterRecovery(http, flow, identity);
        var page = selfService.PageOf(next);
        if (!flow.IsBrowser || ContentNegotiation.IsJson(http.Request))
        {
            if (Configuration.ContinuesWithTransitions)
            {
                continueWith.Add(new JsonObject
                {
                    ["action"] = "show_settings_ui",
                    ["flow"] = new JsonObject { ["id"] = next.Id.ToString(), ["url"] = page },
                });
                var json = flow.ToJson(submission);
                json["continue_with"] = continueWith;
                await KratosJson.WriteAsync(http, 200, json);
                return;
            }

            if (ContentNegotiation.IsJson(http.Request))
            {
                await KratosJson.WriteAsync(http, KratosException.LocationChangeRequired(page));
                return;
            }
        }

        await SelfService.RedirectAsync(http, page);
    }

    private Task AnswerAsync(HttpContext http, Flow flow, Submission submission) => flow.IsBrowser && !ContentNegotiation.IsJson(http.Request)
        ? SelfService.RedirectAsync(http, selfService.PageOf(flow))
        : KratosJson.WriteAsync(http, 200, flow.ToJson(submission));

    /// <summary>Puts a new flow in the place of one that came to its end.</summary>
    private Task RetryAsync(HttpContext http, bool browser, KratosException error) =>
        error.Code == 400 ? RetryAsync(http, browser, UiMessage.Generic(error.Reason ?? ""), error) : throw RegenerateFor(http, error);

    private async Task RetryAsync(HttpContext http, bool browser, UiMessage message, KratosException? error = null)
    {
        csrf.Regenerate(http);
        var flow = New(http, browser, Configuration.LifespanOf(FlowKind.Recovery));
        flow.Ui.AddMessage(message);
        selfService.Save(flow);
        if (!ContentNegotiation.IsJson(http.Request))
        {
            await SelfService.RedirectAsync(http, selfService.PageOf(flow));
            return;
        }

        if (!Configuration.ContinuesWithTransitions)
        {
            await SelfService.RedirectAsync(http, selfService.AddressOf(flow));
            return;
        }

        var details = new JsonObject { ["continue_with"] = new JsonArray(ContinueIn(flow)) };
        // Kratos itself fails where it has no error to tell.
        await KratosJson.WriteAsync(http, error is null
            ? new KratosException(500, "An internal server error occurred, please contact the system administrator")
            : new KratosException(error.Code, error.Message, error.Id, error.Reason, details));
    }

    /// <summary>Answers a submission that came too late with the flow that takes the old one's place.</summary>
    private Task ReplaceAsync(HttpContext http, Flow expired)
    {
        var ago = selfService.Now - expired.ExpiresAt;
        var flow = New(http, expired.IsBrowser, Configuration.LifespanOf(FlowKind.Recovery));
        flow.RequestUrl = expired.RequestUrl;
        flow.Ui.AddMessage(UiMessage.FlowExpired(FlowKind.Recovery, expired.ExpiresAt, ago));
        selfService.Save(flow);
        if (!flow.IsBrowser && Configuration.ContinuesWithTransitions)
        {
            var details = new JsonObject { ["continue_with"] = new JsonArray(ContinueIn(flow)) };
            return KratosJson.WriteAsync(http, SelfService.ExpiredError(expired.ExpiresAt, ago, flow.Id, details));
        }

        return SelfService.RedirectAsync(
            http, !flow.IsBrowser || ContentNegotiation.IsJson(http.Request) ? selfService.AddressOf(flow) : selfService.PageOf(flow));
    }

    private Flow New(HttpContext http, bool browser, TimeSpan lifespan)
    {
        if (!Configuration.Methods.Contains(Credential.Code))
        {
            throw KratosException.BadRequest(
                "You attempted recovery using code, which is not enabled or does not exist. An administrator needs to enable this recovery method.");
        }

        var flow = selfService.Begin(http, FlowKind.Recovery, browser, FlowState.ChooseMethod, http.Request.QueryString.Value ?? "", lifespan);
        flow.Active = Credential.Code;
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(CodeForm.Email());
        flow.Ui.Append(CodeForm.Continue);
        return flow;
    }

    private Task RefuseAsync(HttpContext http) => ContentNegotiation.IsJson(http.Request)
        ? KratosJson.WriteAsync(http, LoggedInAlready())
        : SelfService.RedirectAsync(http, Configuration.DefaultReturnAddress, StatusCodes.Status302Found);

    private KratosException RegenerateFor(HttpContext http, KratosException error)
    {
        csrf.Regenerate(http);
        return error;
    }

    private static JsonObject ContinueIn(Flow flow) => new()
    {
        ["action"] = "show_recovery_ui",
        ["flow"] = new JsonObject { ["id"] = flow.Id.ToString() },
    };

    private static KratosException LoggedInAlready() => KratosException.BadRequest(
        "A valid session was detected and thus recovery is not possible.", "session_already_available");

    private static KratosException Disabled() => KratosException.BadRequest("Recovery is not allowed because it was disabled.");
}
