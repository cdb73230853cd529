using System.Text.Json.Nodes;
using NovaId.Emulator.Kratos.Strategies;

namespace NovaId.Emulator.Kratos;

/// <summary>The registration flow, for browsers and for programs.</summary>
internal sealed class RegistrationEndpoints(SelfService selfService, IdentityStore identities, StrategySet strategies, VerificationEndpoints verification)
{
    private KratosConfiguration Configuration => selfService.Configuration;

    public void Map(Routes routes)
    {
        routes.Map("GET", "/self-service/registration/api", StartApiAsync);
        routes.Map("GET", "/self-service/registration/browser", StartBrowserAsync);
        routes.Map("GET", "/self-service/registration/flows", ShowAsync);
        routes.Map("GET", "/self-service/registration", SubmitAsync);
        routes.Map("POST", "/self-service/registration", SubmitAsync);
    }

    private async Task StartApiAsync(HttpContext http)
    {
        if (selfService.Sessions.Find(http.Request) is not null)
        {
            throw LoggedInAlready();
        }

        await KratosJson.WriteAsync(http, 200, Start(http, browser: false).ToJson());
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
        var flow = Start(http, browser: true);
        var query = http.Request.QueryString.Value ?? "";
        var loginRequest = flow.LoginChallenge is null ? null : await selfService.Hydra.GetAsync(flow.LoginChallenge, http.RequestAborted);
        if (loginRequest is not null)
        {
            query = selfService.WithReturnToOf(loginRequest, query);
        }

        if (selfService.Sessions.Find(http.Request) is not { } found)
        {
            await selfService.ShowAsync(http, flow, flow.ToJson());
            return;
        }

        if (loginRequest is not null)
        {
            if (loginRequest["skip"]?.GetValue<bool>() == true)
            {
                await SelfService.RedirectAsync(http, await selfService.Hydra.AcceptAsync(flow.LoginChallenge!, found.Session, http.RequestAborted));
                return;
            }

            var login = Addresses.AppendPath(Configuration.PublicAddress, "/self-service/login/browser");
            await SelfService.RedirectAsync(http, login + Addresses.SetQueryOf(query), StatusCodes.Status302Found);
            return;
        }

        if (ContentNegotiation.IsJson(http.Request))
        {
            await KratosJson.WriteAsync(http, LoggedInAlready());
            return;
        }

        await SelfService.RedirectAsync(http, selfService.ReturnTo.Resolve(Addresses.QueryValue(query, "return_to"), Configuration.DefaultReturnAddress));
    }

    private async Task ShowAsync(HttpContext http)
    {
        if (!Configuration.RegistrationEnabled)
        {
            await selfService.ForwardAsync(http, Disabled());
            return;
        }

        await selfService.ShowAsync(http, FlowKind.Registration, "registration");
    }

    private async Task SubmitAsync(HttpContext http)
    {
        if (selfService.Sessions.Find(http.Request) is not null)
        {
            await RefuseAsync(http);
            return;
        }

        Flow flow;
        try
        {
            flow = selfService.LoadSubmitted(http.Request, FlowKind.Registration);
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
        catch (CodeExpiredException error)
        {
            await selfService.ReplaceAsync(http, flow, Start(http, flow.IsBrowser), error.ExpiredAt);
        }
        catch (Exception error) when (error is FormException or KratosException { Code: not 501 })
        {
            flow.Ui.ResetMessages();
            await selfService.RejectAsync(http, flow, error, Configuration.DefaultSchema, StatusCodes.Status302Found);
        }
    }

    private async Task SubmitAsync(HttpContext http, Flow flow)
    {
        if (flow.ExpiresAt < selfService.Now)
        {
            await selfService.ReplaceAsync(http, flow, Start(http, flow.IsBrowser));
            return;
        }

        var submission = await Submission.ReadAsync(http.Request);
        selfService.RequireServed(submission);
        var attempt = new Attempt(http, flow, submission, null);
        foreach (var strategy in strategies.All<IRegistrationStrategy>())
        {
            var outcome = await strategy.RegisterAsync(attempt);
            if (!outcome.IsResponsible)
            {
                continue;
            }

            if (outcome.Identity is { } identity)
            {
                Create(identity);
                await FinishAsync(http, flow, identity, strategy.Method);
            }

            return;
        }

        throw new FormException(UiMessage.NoRegistrationStrategy);
    }

    private void Create(Identity identity)
    {
        try
        {
            identities.Create(identity);
        }
        catch (KratosException error) when (error.Code == 409)
        {
            throw new FormException(UiMessage.DuplicateCredentials);
        }
    }

    private async Task FinishAsync(HttpContext http, Flow flow, Identity identity, string method)
    {
        var after = Configuration.ReturnAddressAfter(FlowKind.Registration, method, Configuration.DefaultReturnAddress);
        var target = selfService.ReturnTo.Resolve(flow.ReturnTo, after);
        var session = selfService.Sessions.Activate(http.Request, null, identity, method, Session.Aal1);
        var started = verification.StartAfter(http, flow, identity, session);
        identity = identities.Find(identity.Id) ?? throw KratosException.NoRows();
        JsonObject? shown = null;
        if (started is { } next && Configuration.RegistrationShowsVerification(method))
        {
            shown = ContinueVerifying(next.Flow, next.Address);
        }

        var sessionJson = selfService.Sessions.ToJson(session, identity);
        var identityJson = identity.ToJson(Configuration.PublicAddress);
        var script = ContentNegotiation.IsJson(http.Request);
        if (!Configuration.RegistrationIssuesSession(method))
        {
            if (!flow.IsBrowser || script)
            {
                await KratosJson.WriteAsync(http, 200, new JsonObject
                {
                    ["identity"] = identityJson,
                    ["continue_with"] = ContinueWith(flow.IsBrowser ? SelfService.ContinueAt(target) : null, shown),
                });
                return;
            }
        }
        else if (!flow.IsBrowser)
        {
            await KratosJson.WriteAsync(http, 200, new JsonObject
            {
                ["session_token"] = session.Token,
                ["session"] = sessionJson,
                ["identity"] = identityJson,
                ["continue_with"] = ContinueWith(
                    shown, new JsonObject { ["action"] = "set_ory_session_token", ["ory_session_token"] = session.Token }),
            });
            return;
        }
        else
        {
            selfService.Sessions.IssueCookie(http, session);
        }

        if (flow.LoginChallenge is not null && shown is null)
        {
            target = await selfService.Hydra.AcceptAsync(flow.LoginChallenge, session, http.RequestAborted);
        }

        if (script)
        {
            await KratosJson.WriteAsync(http, 200, new JsonObject
            {
                ["session"] = sessionJson,
                ["identity"] = identityJson,
                ["continue_with"] = ContinueWith(SelfService.ContinueAt(target), shown),
            });
            return;
        }

        await SelfService.RedirectAsync(http, shown is null ? target : selfService.PageOf(started!.Value.Flow));
    }

    /// <summary>Leads on to the verification of the new address.</summary>
    private JsonObject ContinueVerifying(Flow flow, string address)
    {
        var next = new JsonObject { ["id"] = flow.Id.ToString(), ["verifiable_address"] = address };
        if (flow.IsBrowser)
        {
            next["url"] = selfService.PageOf(flow);
        }

        return new JsonObject { ["action"] = "show_verification_ui", ["flow"] = next };
    }

    private static JsonArray? ContinueWith(params JsonObject?[] items) => items.Any(item => item is not null)
        ? new JsonArray([.. items.Where(item => item is not null)])
        : null;

    private Flow Start(HttpContext http, bool browser)
    {
        if (!Configuration.RegistrationEnabled)
        {
            throw Disabled();
        }

        var flow = selfService.Begin(http, FlowKind.Registration, browser, "choose_method", http.Request.QueryString.Value ?? "");
        flow.LoginChallenge = selfService.Hydra.ChallengeOf(http.Request.Query);
        flow.IdentitySchema = selfService.RequestedSchema(http.Request);
        foreach (var strategy in strategies.Enabled<IRegistrationStrategy>())
        {
            strategy.Populate(http, flow);
        }

        SelfService.Sort(flow, Configuration.DefaultSchema);
        selfService.Save(flow);
        return flow;
    }

    private Task RefuseAsync(HttpContext http) => ContentNegotiation.IsJson(http.Request)
        ? KratosJson.WriteAsync(http, LoggedInAlready())
        : SelfService.RedirectAsync(http, Configuration.DefaultReturnAddress, StatusCodes.Status302Found);

    private static KratosException LoggedInAlready() => new(
        400, "you are already logged in", "session_already_available", "A valid session was detected and thus registration is not possible.");

    private static KratosException Disabled() => new(
        400, "registration flow disabled", "self_service_flow_disabled", "Registration is not allowed because it was disabled.");
}
