using System.Collections.Immutable;
using System.Security.Cryptography;

namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Lookup secrets: codes on paper, each of which takes the place of a second factor once.</summary>
internal sealed class LookupStrategy(SelfService selfService, IdentityStore identities, PrivilegedChanges privileged)
    : SecondFactorStrategy(selfService), ISettingsStrategy
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

    public override string Method => Credential.Lookup;

    protected override string Field => SecretField;

    protected override string Group => UiNode.LookupGroup;

    protected override UiMessage FieldLabel => UiMessage.LookupSecretLabel;

    protected override UiMessage ButtonLabel => UiMessage.UseLookupSecret;

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

            SelfService.RequireEnabled(Method);
            SelfService.RequireCsrfToken(attempt.Http, attempt.Flow, submission);
            var (session, identity) = attempt.Holder;
            privileged.Require(session);
            if (confirms)
            {
                return Outcome.Of(Confirm(attempt.Flow, session, identity));
            }

            if (!reveals && disables)
            {
                return Outcome.Of(identities.Update(identity.Id, current => current.WithoutCredential(Method, SelfService.Now)));
            }

            if (reveals)
            {
                Reveal(attempt.Flow, identity);
            }
            else
            {
                Regenerate(attempt.Flow);
            }

            SelfService.Save(attempt.Flow);
            attempt.Flow.Ui.ResetMessages();
            attempt.Flow.Ui.SetCsrf(CsrfProtection.Token(attempt.Http));
            await SelfService.ShowAgainAsync(attempt.Http, attempt.Flow, identity);
            return Outcome.Answered;
        });
    }

    /// <summary>In one step, so that of two who use a secret at the same time only one does.</summary>
    protected override Identity Authenticate(Guid holder, string code) => identities.Update(holder, current => Use(current, code));

    private Identity Use(Identity identity, string secret)
    {
        var credential = identity.Credentials.GetValueOrDefault(Method) ?? throw new FormException(UiMessage.NoLookupSecrets);
        var found = credential.LookupSecrets.FirstOrDefault(known => known.Code == secret) ?? throw new FormException(UiMessage.LookupSecretWrong);
        if (found.UsedAt is not null)
        {
            throw new FormException(UiMessage.LookupSecretUsedAlready);
        }

        var now = SelfService.Now;
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
        SelfService.Sessions.AddMethod(session.Id, Method, AssuranceLevel);
        var now = SelfService.Now;
        return identities.Update(identity.Id, current => current.WithCredential(
            new Credential(Method, [identity.Id.ToString()], current.Credentials.GetValueOrDefault(Method)?.CreatedAt ?? now, now) { LookupSecrets = secrets }));
    }

    private static void Clear(Flow flow) => flow.Ui.Remove(RegenerateField, RevealField, DisableField, ListField, ConfirmField);

    private static UiText List(ImmutableArray<LookupSecret> secrets) =>
        new(UiNode.LookupGroup, ListField, UiMessage.LookupSecrets(secrets)) { Label = UiMessage.LookupSecretsLabel };

    private static UiInput Button(string name, UiMessage label) => new(UiNode.LookupGroup, name, "submit") { Value = "true", Label = label };
}
