namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>The traits: what a person says of themselves.</summary>
internal sealed class ProfileStrategy(SelfService selfService, IdentityStore identities, PrivilegedChanges privileged)
    : IRegistrationStrategy, ISettingsStrategy
{
    public string Method => "profile";

    public void Populate(HttpContext http, Flow flow)
    {
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        foreach (var node in UiInput.Traits(selfService.Configuration.DefaultSchema, UiNode.DefaultGroup))
        {
            flow.Ui.Upsert(node);
        }
    }

    /// <summary>Never responsible: in a registration of one step it only shows the traits.</summary>
    public Task<Outcome> RegisterAsync(Attempt attempt) => Task.FromResult(Outcome.NotResponsible);

    public void Populate(HttpContext http, Flow flow, Identity identity)
    {
        foreach (var node in UiInput.Traits(identity.Schema, UiNode.ProfileGroup))
        {
            flow.Ui.Upsert(node);
        }

        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.SetTraits(identity.Traits, UiNode.ProfileGroup);
        flow.Ui.Append(UiInput.Submit(UiNode.ProfileGroup, Method, UiMessage.Save));
    }

    public Task<Outcome> ChangeAsync(Attempt attempt)
    {
        var (http, flow, submission) = (attempt.Http, attempt.Flow, attempt.Submission);
        if (!selfService.IsFor(submission, Method))
        {
            return Task.FromResult(Outcome.NotResponsible);
        }

        var (session, identity) = attempt.Holder;
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

            var allowed = privileged.AllowedFor(session);
            var now = selfService.Now;
            return Task.FromResult(Outcome.Of(identities.Update(identity.Id, current =>
            {
                var updated = current.WithTraits(traits, now) with { UpdatedAt = now };
                return allowed || !TouchesCredentials(current, updated) ? updated : throw PrivilegedChanges.Stale();
            })));
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            if (error is KratosException { Id: PrivilegedChanges.StaleId })
            {
                privileged.Pause(attempt, Method);
            }

            flow.Ui.ResetTraits();
            flow.Ui.SetTraits(traits, UiNode.ProfileGroup);
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
            throw error is KratosException { Code: 409 } ? new FormException(UiMessage.DuplicateCredentials) : error;
        }
    }

    private static bool TouchesCredentials(Identity before, Identity after) =>
        !before.VerifiableAddresses.SequenceEqual(after.VerifiableAddresses)
        || before.Credentials.Count != after.Credentials.Count
        || before.Credentials.Values.Any(credential => after.Credentials.GetValueOrDefault(credential.Type)?.SameAs(credential) != true);
}
