namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Passwords.</summary>
internal sealed class PasswordStrategy(SelfService selfService, IdentityStore identities, PasswordVault passwords, PrivilegedChanges privileged)
    : ILoginStrategy, IRegistrationStrategy, ISettingsStrategy
{
    public string Method => Credential.Password;

    public string AssuranceLevel => Session.Aal1;

    public void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        if (flow.RequestedAal != Session.Aal1)
        {
            return;
        }

        if (!flow.Refresh)
        {
            flow.Ui.Upsert(UiInput.Identifier(selfService.Configuration.DefaultSchema));
        }
        else if (current?.Identity.Credentials.GetValueOrDefault(Method) is { PasswordHash: not null, Identifiers: [var known, ..] })
        {
            flow.Ui.Upsert(UiInput.KnownIdentifier(known));
        }
        else
        {
            return;
        }

        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(UiInput.Password("current-password"));
        flow.Ui.Append(UiInput.Submit(UiNode.PasswordGroup, Method, flow.Refresh ? UiMessage.SignIn : UiMessage.SignInWithPassword));
    }

    public Task<Outcome> LoginAsync(Attempt attempt)
    {
        var (http, flow, submission) = (attempt.Http, attempt.Flow, attempt.Submission);
        if (flow.RequestedAal != Session.Aal1 || !selfService.IsFor(submission, Method))
        {
            return Task.FromResult(Outcome.NotResponsible);
        }

        Identity identity;
        try
        {
            identity = Authenticate(http, flow, submission);
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            flow.Ui.Reset("password");
            flow.Ui.SetValue("identifier", submission["identifier"] ?? submission["password_identifier"] ?? "");
            if (flow.IsBrowser)
            {
                flow.Ui.SetCsrf(CsrfProtection.Token(http));
            }

            throw;
        }

        flow.Active = Method;
        selfService.Save(flow);
        return Task.FromResult(Outcome.Of(identity));
    }

    public void Populate(HttpContext http, Flow flow)
    {
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(UiInput.Password("new-password"));
        flow.Ui.Upsert(UiInput.Submit(UiNode.PasswordGroup, Method, UiMessage.SignUp));
    }

    public Task<Outcome> RegisterAsync(Attempt attempt)
    {
        if (!selfService.IsFor(attempt.Submission, Method))
        {
            return Task.FromResult(Outcome.NotResponsible);
        }

        var registration = new TraitsForm(selfService, attempt);
        try
        {
            var password = attempt.Submission["password"];
            registration.RequireValid(password is null ? [("password", UiMessage.Required("password"))] : []);
            selfService.RequireCsrfToken(attempt.Http, attempt.Flow, attempt.Submission);
            var identity = registration.ToIdentity();
            var identifiers = identity.Credentials.GetValueOrDefault(Method)?.Identifiers ?? [];
            if (identifiers.Length == 0)
            {
                throw new FormException(UiMessage.IdentifierMissing);
            }

            passwords.RequireStrong(password!, identifiers);
            return Task.FromResult(Outcome.Of(identity.WithPassword(PasswordVault.Hash(password!), selfService.Now)));
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            registration.FillIn();
            throw;
        }
    }

    public void Populate(HttpContext http, Flow flow, Identity identity)
    {
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(UiInput.Password("new-password"));
        flow.Ui.Append(UiInput.Submit(UiNode.PasswordGroup, Method, UiMessage.Save));
    }

    public Task<Outcome> ChangeAsync(Attempt attempt)
    {
        if (!selfService.IsFor(attempt.Submission, Method))
        {
            return Task.FromResult(Outcome.NotResponsible);
        }

        return privileged.ChangeAsync(attempt, Method, () =>
        {
            var (session, identity) = attempt.Holder;
            var password = attempt.Submission["password"] ?? throw new FormException(UiMessage.Required("password"), "password");
            selfService.RequireCsrfToken(attempt.Http, attempt.Flow, attempt.Submission);
            privileged.Require(session);
            passwords.RequireStrong(password, identity.Credentials.GetValueOrDefault(Method)?.Identifiers ?? []);
            if (identity.PasswordHash is { } old && passwords.Verify(old, password))
            {
                throw new FormException(UiMessage.PasswordSameAsOld, "password");
            }

            var hash = PasswordVault.Hash(password);
            var now = selfService.Now;
            return Task.FromResult(Outcome.Of(identities.Update(identity.Id, current => current.WithPassword(hash, now) with { UpdatedAt = now })));
        });
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
        var identity = identities.FindByIdentifier(Method, identifier!);
        return passwords.Verify(identity?.PasswordHash, submission["password"]!) ? identity! : throw new FormException(UiMessage.InvalidCredentials);
    }
}
