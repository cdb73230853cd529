using System.Collections.Immutable;
using System.Security.Cryptography;

namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Lookup secrets: codes on paper, each of which takes the place of a second factor once.</summary>
internal sealed class LookupStrategy(SelfService selfService, IdentityStore identities, PrivilegedChanges privileged) : ILoginStrategy, ISettingsStrategy
{
    private const string SecretField = "lookup_secret";
    private const string RevealField = "lookup_secret_reveal";
    private const string RegenerateField = "lookup_secret_regenerate";
    private const string ConfirmField = "lookup_secret_confirm";
    private const string DisableField = "lookup_secret_disable";
    private const string ListField = "lookup_secret_codes";
    private const string RegeneratedKey = "lookup_secret_regenerated";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int Count = 12;
    private const int Length = 8;

    public string Method => Credential.Lookup;

    public string AssuranceLevel => Session.Aal2;

    public void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        if (flow.RequestedAal != Session.Aal2 || current?.Identity.Credentials.ContainsKey(Method) != true)
        {
            return;
        }

        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(new UiInput(UiNode.LookupGroup, SecretField, "text") { Value = "", Required = true, Label = UiMessage.LookupSecretLabel });
        flow.Ui.Append(UiInput.Submit(UiNode.LookupGroup, Method, UiMessage.UseLookupSecret));
    }

    public Task<Outcome> LoginAsync(Attempt attempt)
    {
        var (http, flow, submission) = (attempt.Http, attempt.Flow, attempt.Submission);
        if (flow.RequestedAal != Session.Aal2 || !selfService.IsFor(submission, Method))
        {
            return Task.FromResult(Outcome.NotResponsible);
        }

        try
        {
            var secret = submission[SecretField] ?? throw new FormException(UiMessage.Required(SecretField), SecretField);
            selfService.RequireCsrfToken(http, flow, submission);
            // In one step, so that of two who use it at the same time only one does.
            var identity = identities.Update(attempt.Holder.Identity.Id, current => Use(current, secret));
            flow.Active = Method;
            selfService.Save(flow);
            return Task.FromResult(Outcome.Of(identity));
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            flow.Ui.Reset(SecretField);
            if (flow.IsBrowser)
            {
                flow.Ui.SetCsrf(CsrfProtection.Token(http));
            }

            throw;
        }
    }

    public void Populate(HttpContext http, Flow flow, Identity identity)
    {
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        if (identity.Credentials.ContainsKey(Method))
        {
            flow.Ui.Upsert(Button(RevealField, UiMessage.RevealLookupSecrets));
            flow.Ui.Upsert(Button(DisableField, UiMessage.DisableLookupSecrets));
        }
        else
        {
            flow.Ui.Upsert(Button(RegenerateField, UiMessage.RegenerateLookupSecrets));
        }
    }

    public async Task<Outcome> ChangeAsync(Attempt attempt)
    {
        var submission = attempt.Submission;
        return await privileged.ChangeAsync(attempt, Method, async () =>
        {
            var (reveals, regenerates) = (submission.Truth(RevealField), submission.Truth(RegenerateField));
            var (confirms, disables) = (submission.Truth(ConfirmField), submission.Truth(DisableField));
            if (!(reveals || regenerates || confirms || disables))
            {
                return Outcome.NotResponsible;
            }

            selfService.RequireEnabled(Method);
            selfService.RequireCsrfToken(attempt.Http, attempt.Flow, submission);
            var (session, identity) = attempt.Holder;
            privileged.Require(session);
            if (confirms)
            {
                return Outcome.Of(Confirm(attempt.Flow, session, identity));
            }

            if (!reveals && disables)
            {
                return Outcome.Of(identities.Update(identity.Id, current => current.WithoutCredential(Method, selfService.Now)));
            }

            if (reveals)
            {
                Reveal(attempt.Flow, identity);
            }
            else
            {
                Regenerate(attempt.Flow);
            }

            selfService.Save(attempt.Flow);
            attempt.Flow.Ui.ResetMessages();
            attempt.Flow.Ui.SetCsrf(CsrfProtection.Token(attempt.Http));
            await selfService.ShowAgainAsync(attempt.Http, attempt.Flow, identity);
            return Outcome.Answered;
        });
    }

    private Identity Use(Identity identity, string secret)
    {
        var credential = identity.Credentials.GetValueOrDefault(Method) ?? throw new FormException(UiMessage.NoLookupSecrets);
        var found = credential.LookupSecrets.FirstOrDefault(known => known.Code == secret) ?? throw new FormException(UiMessage.LookupSecretWrong);
        if (found.UsedAt is not null)
        {
            throw new FormException(UiMessage.LookupSecretUsedAlready);
        }

        var now = selfService.Now;
        var second = DateTimeOffset.FromUnixTimeSeconds(now.AddMilliseconds(500).ToUnixTimeSeconds());
        return identity.WithCredential(credential with
        {
            LookupSecrets = credential.LookupSecrets.Replace(found, found with { UsedAt = second }),
            UpdatedAt = now,
        });
    }

    private void Reveal(Flow flow, Identity identity)
    {
        var credential = identity.Credentials.GetValueOrDefault(Method)
            ?? throw KratosException.BadRequest("Can not reveal lookup codes because you have none.");
        Clear(flow);
        flow.Ui.Upsert(List(credential.LookupSecrets));
        flow.Ui.Upsert(Button(DisableField, UiMessage.DisableLookupSecrets));
        flow.Ui.Upsert(Button(RegenerateField, UiMessage.RegenerateLookupSecrets));
    }

    private static void Regenerate(Flow flow)
    {
        ImmutableArray<LookupSecret> secrets = [.. Enumerable.Range(0, Count).Select(_ => new LookupSecret(RandomNumberGenerator.GetString(Alphabet, Length), null))];
        Clear(flow);
        flow.Ui.Upsert(List(secrets));
        flow.Ui.Upsert(Button(ConfirmField, UiMessage.ConfirmLookupSecrets));
        flow.Context = flow.Context.SetItem(RegeneratedKey, secrets);
    }

    private Identity Confirm(Flow flow, Session session, Identity identity)
    {
        if (flow.Context.GetValueOrDefault(RegeneratedKey) is not ImmutableArray<LookupSecret> secrets)
        {
            throw KratosException.BadRequest("You must (re-)generate recovery backup codes before you can save them.");
        }

        // The session first: between the two its holder must not be too weak for what they just set up.
        selfService.Sessions.AddMethod(session.Id, Method, AssuranceLevel);
        var now = selfService.Now;
        return identities.Update(identity.Id, current => current.WithCredential(
            new Credential(Method, [identity.Id.ToString()], current.Credentials.GetValueOrDefault(Method)?.CreatedAt ?? now, now) { LookupSecrets = secrets }));
    }

    private static void Clear(Flow flow) => flow.Ui.Remove(RegenerateField, RevealField, DisableField, ListField, ConfirmField);

    private static UiText List(ImmutableArray<LookupSecret> secrets) =>
        new(UiNode.LookupGroup, ListField, UiMessage.LookupSecrets(secrets)) { Label = UiMessage.LookupSecretsLabel };

    private static UiInput Button(string name, UiMessage label) => new(UiNode.LookupGroup, name, "submit") { Value = "true", Label = label };
}
