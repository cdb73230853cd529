namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Codes by e-mail in the place of a password.</summary>
internal sealed class CodeStrategy(SelfService selfService, IdentityStore identities, OneTimeCodes codes, CodeSender sender) : ILoginStrategy, IRegistrationStrategy
{
    public string Method => Credential.Code;

    public string AssuranceLevel => Session.Aal1;

    private KratosConfiguration Configuration => selfService.Configuration;

    public void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        if (flow.RequestedAal != Session.Aal1 || !Configuration.CodeSignsIn)
        {
            return;
        }

        // Also where somebody signs in again: Kratos puts this over the known identifier.
        flow.Ui.Upsert(UiInput.Identifier(Configuration.DefaultSchema));
        flow.Ui.Append(UiInput.Submit(UiNode.CodeGroup, Method, UiMessage.SendSignInCode));
        if (flow.IsBrowser)
        {
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
        }
    }

    public void Populate(HttpContext http, Flow flow)
    {
        if (!Configuration.CodeSignsIn)
        {
            return;
        }

        flow.Ui.Append(UiInput.Submit(UiNode.CodeGroup, Method, UiMessage.SendSignUpCode));
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
    }

    public async Task<Outcome> LoginAsync(Attempt attempt)
    {
        var (http, flow, submission) = (attempt.Http, attempt.Flow, attempt.Submission);
        if (!Configuration.CodeSignsIn || flow.RequestedAal != Session.Aal1 || !selfService.IsFor(submission, Method))
        {
            return Outcome.NotResponsible;
        }

        var identifier = IdentityTraits.Normalise(submission["address"] ?? submission["identifier"] ?? "");
        var answersCode = false;
        try
        {
            Submission.RequirePost(http.Request);
            RequireResend(submission);
            selfService.RequireCsrfToken(http, flow, submission);
            Rewind(flow, submission);
            switch (flow.State)
            {
                case FlowState.ChooseMethod:
                    await SendLoginAsync(http, flow, submission, identifier);
                    return Outcome.Answered;
                case FlowState.EmailSent:
                    answersCode = true;
                    return Outcome.Of(Authenticate(flow, submission, identifier));
                default:
                    throw new FormException(UiMessage.NoLoginStrategy);
            }
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
            if (answersCode)
            {
                flow.Ui.Upsert(UiInput.KnownIdentifier(identifier));
            }

            flow.Ui.SetValue("identifier", identifier);
            throw;
        }
    }

    public async Task<Outcome> RegisterAsync(Attempt attempt)
    {
        var (http, flow, submission) = (attempt.Http, attempt.Flow, attempt.Submission);
        if (!selfService.IsFor(submission, Method))
        {
            return Outcome.NotResponsible;
        }

        var registration = new TraitsForm(selfService, attempt);
        try
        {
            RequireResend(submission);
            registration.RequireValid();
            selfService.RequireCsrfToken(http, flow, submission);
            Rewind(flow, submission);
            switch (flow.State)
            {
                case FlowState.ChooseMethod:
                    await SendRegistrationAsync(http, flow, submission, registration);
                    return Outcome.Answered;
                case FlowState.EmailSent:
                    return Outcome.Of(Register(flow, submission, registration));
                default:
                    throw new FormException(UiMessage.NoRegistrationStrategy);
            }
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            registration.FillIn();
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
            throw;
        }
    }

    private static void RequireResend(Submission submission)
    {
        if (submission["resend"] is { } resend && resend != Credential.Code)
        {
            throw new FormException(UiMessage.Generic("value must be \"code\""), "resend");
        }
    }

    /// <summary>Whoever asks for another code begins anew.</summary>
    private static void Rewind(Flow flow, Submission submission)
    {
        if (submission["resend"] is not null)
        {
            flow.State = FlowState.ChooseMethod;
        }
    }

    private Task SendLoginAsync(HttpContext http, Flow flow, Submission submission, string identifier)
    {
        var (identity, credential) = FindByIdentifier(identifier);
        codes.DeleteOf(flow.Id);
        sender.SendLogin(flow, identity, credential.Identifiers.Contains(identifier) ? [identifier] : credential.Identifiers);
        var known = flow.Ui.Find("identifier") as UiInput ?? UiInput.Identifier(Configuration.DefaultSchema);
        ShowCodeInput(http, flow, [known with { Type = "hidden", Value = identifier }], UiMessage.LoginCode, UiMessage.LoginCodeSent);
        return AnswerAsync(http, flow, submission);
    }

    private Identity Authenticate(Flow flow, Submission submission, string identifier)
    {
        var code = submission["code"] ?? throw new FormException(UiMessage.Required("code"), "code");
        var (identity, _) = FindByIdentifier(identifier);
        var (use, found) = codes.Use(flow.Id, code, sent => sent.IdentityId == identity.Id);
        var accepted = CodeRefusal.Require(use, found, UiMessage.LoginCodeInvalid);
        flow.Active = Method;
        flow.State = FlowState.PassedChallenge;
        selfService.Save(flow);
        var now = selfService.Now;
        return identities.Update(identity.Id, current => current.WithAddress(
            accepted.Address!, address => address.Verified ? address : address.CompletedAt(now)));
    }

    private (Identity Identity, Credential Credential) FindByIdentifier(string identifier)
    {
        if (identifier.Length == 0)
        {
            throw new FormException(UiMessage.Required("identifier"), "identifier");
        }

        return identities.FindByIdentifier(Method, identifier) is { } identity
            ? (identity, identity.Credentials[Method])
            : throw new FormException(UiMessage.NoCodeUser);
    }

    private Task SendRegistrationAsync(HttpContext http, Flow flow, Submission submission, TraitsForm registration)
    {
        var identity = registration.ToIdentity();
        var addresses = AddressesOf(identity);
        codes.DeleteOf(flow.Id);
        sender.SendRegistration(flow, addresses);
        // What was submitted stays in the form, out of sight.
        var kept = flow.Ui.Nodes.OfType<UiInput>()
            .Where(input => input.Group == UiNode.DefaultGroup && input.Type != "submit")
            .Select(input => input with { Type = "hidden", Messages = [] });
        ShowCodeInput(http, flow, [.. kept], UiMessage.RegistrationCode, UiMessage.RegistrationCodeSent);
        foreach (var (name, value) in KratosJson.Flatten(registration.Traits, "traits"))
        {
            flow.Ui.SetValue(name, value);
        }

        return AnswerAsync(http, flow, submission);
    }

    private Identity Register(Flow flow, Submission submission, TraitsForm registration)
    {
        var code = submission["code"] ?? throw new FormException(UiMessage.Required("code"), "code");
        var identity = registration.ToIdentity();
        var addresses = AddressesOf(identity);
        foreach (var (name, value) in KratosJson.Flatten(registration.Traits, "traits"))
        {
            if (flow.Ui.Find(name) is UiInput input && !Equals(input.Value, value))
            {
                throw new FormException(UiMessage.TraitsMismatch);
            }
        }

        var (use, found) = codes.Use(flow.Id, code, _ => true);
        var accepted = CodeRefusal.Require(use, found, UiMessage.RegistrationCodeInvalid);
        if (!addresses.Contains(accepted.Address!))
        {
            throw new FormException(UiMessage.RegistrationCodeInvalid);
        }

        flow.State = FlowState.PassedChallenge;
        selfService.Save(flow);
        var now = selfService.Now;
        return identity.WithAddress(accepted.Address!, address => address.CompletedAt(now));
    }

    private static string[] AddressesOf(Identity identity) => identity.Credentials.GetValueOrDefault(Credential.Code) is { Identifiers: { Length: > 0 } addresses }
        ? [.. addresses]
        : throw new FormException(UiMessage.IdentifierMissing);

    private void ShowCodeInput(HttpContext http, Flow flow, UiInput[] kept, UiMessage label, UiMessage sent)
    {
        flow.State = FlowState.EmailSent;
        flow.Active = Method;
        flow.Ui = selfService.NewForm(flow);
        foreach (var input in kept)
        {
            flow.Ui.Append(input);
        }

        flow.Ui.Upsert(CodeForm.Method);
        flow.Ui.Upsert(CodeForm.Code(label));
        flow.Ui.Append(CodeForm.Continue);
        flow.Ui.Append(CodeForm.Resend);
        flow.Ui.AddMessage(sent);
        if (flow.IsBrowser)
        {
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
        }
    }

    /// <summary>Shows the form that asks for the code: to a program as one that is not complete.</summary>
    private async Task AnswerAsync(HttpContext http, Flow flow, Submission submission)
    {
        selfService.Save(flow);
        var loginRequest = flow.LoginChallenge is null ? null : await selfService.Hydra.GetAsync(flow.LoginChallenge, http.RequestAborted);
        if (ContentNegotiation.IsJson(http.Request))
        {
            await KratosJson.WriteAsync(http, 400, flow.ToJson(submission, loginRequest));
            return;
        }

        await SelfService.RedirectAsync(http, selfService.PageOf(flow));
    }
}
