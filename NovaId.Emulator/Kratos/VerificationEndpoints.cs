using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Emulator.Kratos;

/// <summary>The verification flow: whoever reads the mails of an address shows that it is theirs.</summary>
internal sealed class VerificationEndpoints(
    SelfService selfService, IdentityStore identities, SessionStore sessions, OneTimeCodes codes, CodeSender sender, CsrfProtection csrf)
{
    private const string Name = "verification";

    private KratosConfiguration Configuration => selfService.Configuration;

    public void Map(Routes routes)
    {
        routes.Map("GET", "/self-service/verification/api", http => StartAsync(http, browser: false));
        routes.Map("GET", "/self-service/verification/browser", http => StartAsync(http, browser: true));
        routes.Map("GET", "/self-service/verification/flows", ShowAsync);
        routes.Map("GET", "/self-service/verification", SubmitAsync);
        routes.Map("POST", "/self-service/verification", SubmitAsync);
    }

    /// <summary>
    /// Mails a code to the first address of a person that still needs one, for a flow that begins behind another one's end.
    /// </summary>
    /// <returns>The flow and the address, or null if no address needs a code.</returns>
    public (Flow Flow, string Address)? StartAfter(HttpContext http, Flow flow, Identity identity, Session? session)
    {
        if (!Configuration.VerificationEnabled)
        {
            return null;
        }

        var first = identity.VerifiableAddresses.FirstOrDefault(address => flow.Kind == FlowKind.Settings
            ? address.Status == VerifiableAddress.Pending
            : !address.Verified);
        if (first is null)
        {
            return null;
        }

        if (flow.IsBrowser && flow.Kind != FlowKind.Settings)
        {
            csrf.Regenerate(http);
        }

        var verification = New(http, flow.IsBrowser);
        verification.RequestUrl = RequestUrlAfter(flow);
        verification.LoginChallenge = flow.LoginChallenge;
        verification.SessionId = session?.Id;
        verification.State = FlowState.EmailSent;
        ShowCodeInput(http, verification);
        verification.Ui.Append(CodeForm.ResendTo(first.Value));
        selfService.Save(verification);
        sender.SendVerification(verification, first.Value);
        return (verification, first.Value);
    }

    private async Task StartAsync(HttpContext http, bool browser)
    {
        if (!Configuration.VerificationEnabled)
        {
            await selfService.ForwardAsync(http, Disabled());
            return;
        }

        var flow = New(http, browser);
        selfService.Save(flow);
        if (browser)
        {
            await selfService.ShowAsync(http, flow, flow.ToJson());
            return;
        }

        await KratosJson.WriteAsync(http, 200, flow.ToJson());
    }

    private async Task ShowAsync(HttpContext http)
    {
        if (!Configuration.VerificationEnabled)
        {
            await selfService.ForwardAsync(http, Disabled());
            return;
        }

        var flow = selfService.Load(FlowKind.Verification, http.Request.Query["id"]);
        selfService.RequireSameBrowser(http, flow);
        if (flow.ExpiresAt < selfService.Now)
        {
            throw selfService.Expired(flow, Name, null);
        }

        await KratosJson.WriteAsync(http, 200, flow.ToJson());
    }

    private Task SubmitAsync(HttpContext http) => selfService.SubmitAsync(
        http, FlowKind.Verification, UiMessage.NoVerificationStrategy, flow => SubmitAsync(http, flow), flow => ReplaceAsync(http, flow));

    private async Task SubmitAsync(HttpContext http, Flow flow)
    {
        // Once it was asked for another method, a flow serves none.
        if (flow.Active != Credential.Code)
        {
            throw new FormException(UiMessage.NoVerificationStrategy);
        }

        var submission = await Submission.ReadWithQueryAsync(http.Request);
        if (submission["method"] is { } named && named is not (Credential.Code or "link"))
        {
            throw new FormException(UiMessage.Generic("value must be one of \"code\", \"link\""), "method");
        }

        if (submission["email"] is { } sent && !EmailFormat.IsValid(sent))
        {
            throw new FormException(UiMessage.Email(sent), "email");
        }

        try
        {
            await SubmitAsync(http, flow, submission);
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
            flow.Ui.Upsert(CodeForm.Email(submission["email"] ?? ""));
            throw;
        }
    }

    private async Task SubmitAsync(HttpContext http, Flow flow, Submission submission)
    {
        var code = submission["code"];
        if ((submission["method"] ?? (code is null ? null : Credential.Code)) != Credential.Code)
        {
            throw new FormException(UiMessage.NoVerificationStrategy);
        }

        selfService.RequireEnabled(Credential.Code);
        if (flow.State == FlowState.PassedChallenge)
        {
            await RetryAsync(http, flow.IsBrowser, UiMessage.VerificationRetried, "An error occured, please use the new flow.");
            return;
        }

        if (code is null)
        {
            await SendAsync(http, flow, submission, submission["email"] ?? throw new FormException(UiMessage.Required("email"), "email"));
        }
        else if (HttpMethods.IsPost(http.Request.Method))
        {
            await UseAsync(http, flow, submission, code);
        }
        else
        {
            await FollowLinkAsync(http, flow, code);
        }
    }

    private async Task SendAsync(HttpContext http, Flow flow, Submission submission, string email)
    {
        selfService.RequireCsrfToken(http, flow, submission);
        codes.DeleteOf(flow.Id);
        sender.SendVerification(flow, email);
        flow.State = FlowState.EmailSent;
        ShowCodeInput(http, flow);
        flow.Ui.Append(CodeForm.ResendTo(email));
        selfService.Save(flow);
        await AnswerAsync(http, flow);
    }

    /// <summary>The link in the mail fills in the code and leaves the rest to the person: opening a mail is no consent.</summary>
    private Task FollowLinkAsync(HttpContext http, Flow flow, string code)
    {
        flow.Ui.SetValue("code", code);
        // The mail may be open in another browser than the one that began the flow.
        csrf.Regenerate(http);
        flow.CsrfToken = CsrfProtection.Token(http);
        flow.Ui.SetCsrf(flow.CsrfToken);
        selfService.Save(flow);
        return SelfService.RedirectAsync(http, selfService.PageOf(flow));
    }

    private async Task UseAsync(HttpContext http, Flow flow, Submission submission, string submitted)
    {
        var (use, code) = codes.Use(flow.Id, submitted, sent => AddressOf(sent) is not null);
        switch (use)
        {
            case CodeUse.AlreadyUsed:
                await RetryAsync(http, flow.IsBrowser, CodeRefusal.AlreadyUsed());
                return;
            case CodeUse.TooOften:
                await RetryAsync(http, flow.IsBrowser, CodeRefusal.TooOften());
                return;
            case CodeUse.Expired:
                await RetryExpiredAsync(http, flow, code!.ExpiresAt);
                return;
            case CodeUse.Unknown:
                flow.Ui.ClearMessages();
                flow.Ui.AddMessage(UiMessage.VerificationCodeInvalid);
                selfService.Save(flow);
                await AnswerAsync(http, flow, flow.ToJson(submission));
                return;
        }

        var now = selfService.Now;
        identities.Update(code!.IdentityId!.Value, current => current.WithAddress(code.Address!, verified => verified.CompletedAt(now)));
        var target = ContinueAt(flow);
        flow.Ui = new UiContainer(target) { Method = "GET" };
        flow.State = FlowState.PassedChallenge;
        if (flow.IsBrowser && CsrfProtection.Token(http).Length == 0)
        {
            csrf.Regenerate(http);
        }

        flow.CsrfToken = CsrfProtection.Token(http);
        flow.Ui.SetCsrf(flow.CsrfToken);
        flow.Ui.AddMessage(UiMessage.Verified);
        flow.Ui.Append(new UiAnchor(UiNode.CodeGroup, "continue", target, UiMessage.Continue) { Label = UiMessage.Continue });
        selfService.Save(flow);
        var (page, script) = (ContentNegotiation.IsHtml(http.Request), flow.IsBrowser && ContentNegotiation.IsJson(http.Request));
        if (flow.LoginChallenge is null || (!page && !script))
        {
            await AnswerAsync(http, flow);
            return;
        }

        await AcceptLoginAsync(http, flow, flow.LoginChallenge);
    }

    /// <summary>Goes back to the OAuth2 client on whose way the person registered.</summary>
    private async Task AcceptLoginAsync(HttpContext http, Flow flow, string challenge)
    {
        var session = flow.SessionId is { } id ? sessions.Find(id) : null;
        if (session is null)
        {
            throw KratosException.BadRequest("No session was found for this flow. Please retry the authentication.");
        }

        var target = await selfService.Hydra.AcceptAsync(challenge, session, http.RequestAborted);
        selfService.Sessions.IssueCookie(http, session);
        if (!ContentNegotiation.IsJson(http.Request))
        {
            await SelfService.RedirectAsync(http, target);
            return;
        }

        flow.Ui.SetValue("continue", target);
        selfService.Save(flow);
        await KratosJson.WriteAsync(http, 200, flow.ToJson());
    }

    /// <summary>A browser is shown the page, a program the flow: what counts is who asks, since links are opened in browsers.</summary>
    private Task AnswerAsync(HttpContext http, Flow flow, JsonObject? json = null) => ContentNegotiation.IsHtml(http.Request)
        ? SelfService.RedirectAsync(http, selfService.PageOf(flow))
        : KratosJson.WriteAsync(http, 200, json ?? flow.ToJson());

    private Task RetryAsync(HttpContext http, bool browser, KratosException error) =>
        RetryAsync(http, browser, UiMessage.Generic(error.Reason ?? ""), "An error occured, please retry the flow.");

    private Task RetryExpiredAsync(HttpContext http, Flow flow, DateTimeOffset expiredAt)
    {
        var ago = selfService.Now - expiredAt;
        return RetryAsync(
            http, flow.IsBrowser, UiMessage.FlowExpired(FlowKind.Verification, expiredAt, ago), next => SelfService.ExpiredError(expiredAt, ago, next.Id));
    }

    private Task RetryAsync(HttpContext http, bool browser, UiMessage message, string reason) => RetryAsync(
        http,
        browser,
        message,
        next => new KratosException(410, "self-service flow replaced", "self_service_flow_replaced", reason)
        {
            Members = new JsonObject { ["use_flow_id"] = next.Id.ToString() },
        });

    /// <summary>Puts a new flow in the place of one that came to its end.</summary>
    private Task RetryAsync(HttpContext http, bool browser, UiMessage message, Func<Flow, KratosException> error)
    {
        csrf.Regenerate(http);
        var flow = New(http, browser);
        flow.Ui.AddMessage(message);
        selfService.Save(flow);
        return ContentNegotiation.IsJson(http.Request)
            ? KratosJson.WriteAsync(http, error(flow))
            : SelfService.RedirectAsync(http, selfService.PageOf(flow));
    }

    /// <summary>Answers a submission that came too late with the flow that takes the old one's place, which is one for browsers.</summary>
    private Task ReplaceAsync(HttpContext http, Flow expired)
    {
        csrf.Regenerate(http);
        var flow = New(http, browser: true);
        flow.RequestUrl = expired.RequestUrl;
        flow.Ui.AddMessage(UiMessage.FlowExpired(FlowKind.Verification, expired.ExpiresAt, selfService.Now - expired.ExpiresAt));
        selfService.Save(flow);
        return SelfService.RedirectAsync(http, ContentNegotiation.IsJson(http.Request) ? selfService.AddressOf(flow) : selfService.PageOf(flow));
    }

    private Flow New(HttpContext http, bool browser)
    {
        if (!Configuration.Methods.Contains(Credential.Code))
        {
            throw KratosException.BadRequest("The active verification strategy code is not enabled. Please enable it in the configuration.");
        }

        var flow = selfService.Begin(http, FlowKind.Verification, browser, FlowState.ChooseMethod, http.Request.QueryString.Value ?? "");
        flow.Active = Credential.Code;
        flow.Ui.Append(CodeForm.Email());
        flow.Ui.Append(CodeForm.Continue);
        if (browser)
        {
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
        }

        return flow;
    }

    private void ShowCodeInput(HttpContext http, Flow flow)
    {
        flow.Ui = selfService.NewForm(flow);
        flow.Ui.Upsert(CodeForm.Method);
        flow.Ui.Upsert(CodeForm.Code(UiMessage.VerificationCode));
        flow.Ui.Append(CodeForm.Continue);
        flow.Ui.AddMessage(UiMessage.VerificationCodeSent);
        if (flow.IsBrowser)
        {
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
        }
    }

    /// <summary>Where a browser goes after the flow: never to an address that is not allowed, whoever made the flow.</summary>
    private string ContinueAt(Flow flow)
    {
        var after = Configuration.ReturnAddressAfter(FlowKind.Verification, Credential.Code, Configuration.DefaultReturnAddress);
        try
        {
            return selfService.ReturnTo.Resolve(flow.ReturnTo, after);
        }
        catch (KratosException)
        {
            return after;
        }
    }

    private static string RequestUrlAfter(Flow flow)
    {
        const string After = "after_verification_return_to";
        var end = flow.RequestUrl.IndexOf('?', StringComparison.Ordinal);
        if (end < 0)
        {
            return flow.RequestUrl;
        }

        var query = QueryHelpers.ParseQuery(flow.RequestUrl[end..]);
        if (query.Remove(After, out var target) && !string.IsNullOrEmpty(target))
        {
            query["return_to"] = target;
        }

        return flow.RequestUrl[..end] + Addresses.SetQueryOf(QueryString.Create(query).Value ?? "");
    }

    private VerifiableAddress? AddressOf(OneTimeCode code) =>
        identities.Find(code.IdentityId!.Value)?.VerifiableAddresses.FirstOrDefault(address => address.Value == code.Address);

    private static KratosException Disabled() => KratosException.BadRequest("Verification is not allowed because it was disabled.");
}
