using System.Text.Json.Nodes;
using NovaId.Emulator.Kratos.Strategies;

namespace NovaId.Emulator.Kratos;

/// <summary>The login flow, for browsers and for programs.</summary>
internal sealed class LoginEndpoints(SelfService selfService, StrategySet strategies)
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
        catch (CodeExpiredException error)
        {
            var replacement = Start(http, flow.IsBrowser, http.Request.QueryString.Value ?? "");
            await selfService.ReplaceAsync(http, flow, replacement, error.ExpiredAt);
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
        if (found is { } current && !flow.Refresh && !Raises(flow, current.Session))
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
        selfService.RequireServed(submission);
        foreach (var strategy in strategies.All<ILoginStrategy>())
        {
            var outcome = await strategy.LoginAsync(new Attempt(http, flow, submission, found));
            if (!outcome.IsResponsible)
            {
                continue;
            }

            if (outcome.Identity is { } identity)
            {
                var session = selfService.Sessions.Activate(http.Request, found?.Session, identity, strategy.Method, strategy.AssuranceLevel);
                await FinishAsync(http, flow, session, identity, strategy.Method);
            }

            return;
        }

        throw new FormException(UiMessage.NoLoginStrategy);
    }

    private async Task FinishAsync(HttpContext http, Flow flow, Session session, Identity identity, string method)
    {
        var after = Configuration.ReturnAddressAfter(FlowKind.Login, method, Configuration.DefaultReturnAddress);
        var target = selfService.ReturnTo.Resolve(flow.ReturnTo, after);
        var json = selfService.Sessions.ToJson(session, identity);
        var isStrongEnough = SessionManager.Satisfies(new ActiveSession(session, identity), Configuration.WhoAmIAssuranceLevel);
        if (!flow.IsBrowser)
        {
            if (!isStrongEnough)
            {
                // Who has one factor of two learns nothing of the person.
                json["identity"] = null;
            }

            await KratosJson.WriteAsync(http, 200, new JsonObject { ["session_token"] = session.Token, ["session"] = json, ["continue_with"] = null });
            return;
        }

        selfService.Sessions.IssueCookie(http, session);
        var script = ContentNegotiation.IsJson(http.Request);
        if (!isStrongEnough)
        {
            target = WithWayOf(flow, selfService.Sessions.StepUpAddress());
            if (script)
            {
                await KratosJson.WriteAsync(http, KratosException.LocationChangeRequired(target));
                return;
            }
        }
        else if (flow.LoginChallenge is not null)
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
        else if (!flow.Refresh && !Raises(flow, found.Value.Session))
        {
            throw LoggedInAlready();
        }

        Populate(http, flow, found);
        SelfService.Sort(flow, Configuration.DefaultSchema);
        selfService.Save(flow);
        return flow;
    }

    private void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        foreach (var strategy in strategies.Enabled<ILoginStrategy>())
        {
            strategy.Populate(http, flow, current);
        }

        if (flow.Refresh)
        {
            flow.Ui.AddMessage(UiMessage.ConfirmItIsYou);
        }

        if (current is { } holder && Raises(flow, holder.Session))
        {
            flow.Ui.AddMessage(UiMessage.SecondFactor);
        }

        if (flow.IsBrowser)
        {
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
        }
    }

    /// <summary>Whether a login makes a session stronger than it is.</summary>
    private static bool Raises(Flow flow, Session session) => string.CompareOrdinal(flow.RequestedAal, session.AssuranceLevel) > 0;

    /// <summary>An address with what the flow was asked to do afterwards.</summary>
    private static string WithWayOf(Flow flow, string address)
    {
        foreach (var name in new[] { "login_challenge", "return_to" })
        {
            if (Addresses.QueryValue(flow.RequestUrl, name) is { } value)
            {
                address = Addresses.SetQuery(address, (name, value));
            }
        }

        return address;
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
