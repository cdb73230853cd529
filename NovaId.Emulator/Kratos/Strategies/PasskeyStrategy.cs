using System.Text;
using System.Text.Json.Nodes;
using Fido2NetLib;

namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Passkeys: discoverable credentials of WebAuthn, with which people register and sign in.</summary>
internal sealed class PasskeyStrategy(SelfService selfService, IdentityStore identities, PrivilegedChanges privileged)
    : ILoginStrategy, IRegistrationStrategy, ISettingsStrategy
{
    private const string LoginField = "passkey_login";
    private const string RegisterField = "passkey_register";
    private const string AddField = "passkey_settings_register";
    private const string RemoveField = "passkey_remove";
    private const string OptionsKey = "passkey_options";

    // Only where kratos.yml turns passkeys on is there anything to check them with.
    private readonly RelyingParty? _relyingParty = selfService.Configuration.Passkeys is { } settings ? new RelyingParty(settings) : null;

    public string Method => Credential.Passkey;

    public string AssuranceLevel => Session.Aal1;

    private RelyingParty RelyingParty => _relyingParty ?? throw new InvalidOperationException("Passkeys are switched off.");

    public void Populate(HttpContext http, Flow flow, ActiveSession? current)
    {
        if (flow.RequestedAal != Session.Aal1)
        {
            return;
        }

        if (!flow.Refresh)
        {
            OfferAny(http, flow);
            flow.Ui.Append(LoginButton(flow));
        }
        else if (current?.Identity is { } identity && identity.Credentials.GetValueOrDefault(Method) is { Passkeys: [_, ..] passkeys })
        {
            flow.Ui.Upsert(Challenge(flow, RelyingParty.BeginLogin(passkeys)));
            if (flow.IsBrowser)
            {
                flow.Ui.Append(PasskeyScript.Node(selfService.Configuration));
            }

            flow.Ui.Upsert(Hidden(LoginField));
            flow.Ui.Append(LoginButton(flow));
            flow.Ui.SetCsrf(CsrfProtection.Token(http));
            flow.Ui.Upsert(UiInput.KnownIdentifier(NameOf(identity) ?? ""));
        }
    }

    public async Task<Outcome> LoginAsync(Attempt attempt)
    {
        var (http, flow, submission) = (attempt.Http, attempt.Flow, attempt.Submission);
        var response = submission[LoginField];
        if (flow.RequestedAal != Session.Aal1 || (response is null && submission["method"] != Method))
        {
            return Outcome.NotResponsible;
        }

        try
        {
            selfService.RequireEnabled(Method);
            selfService.RequireCsrfToken(http, flow, submission);
            if (response is null)
            {
                await OfferAnyAloneAsync(http, flow);
                return Outcome.Answered;
            }

            var identity = await AuthenticateAsync(flow, response);
            flow.Context = flow.Context.Remove(OptionsKey);
            flow.Active = Method;
            selfService.Save(flow);
            return Outcome.Of(identity);
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            flow.Ui.Reset(LoginField);
            if (flow.IsBrowser)
            {
                flow.Ui.SetCsrf(CsrfProtection.Token(http));
            }

            throw;
        }
    }

    public void Populate(HttpContext http, Flow flow)
    {
        var options = RelyingParty.BeginRegistration(name: null);
        flow.Context = flow.Context.SetItem(OptionsKey, options);
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(CreateData(new JsonObject
        {
            ["credentialOptions"] = RelyingParty.ToJson(options),
            ["displayNameFieldName"] = selfService.Configuration.DefaultSchema.PasskeyNameField,
        }));
        flow.Ui.Upsert(new UiInput(UiNode.PasskeyGroup, "passkey_register_trigger", "button")
        {
            ClickTrigger = "oryPasskeyRegistration",
            HasScriptText = flow.IsBrowser,
            Label = UiMessage.SignUpWithPasskey,
        });
        if (flow.IsBrowser)
        {
            flow.Ui.Upsert(PasskeyScript.Node(selfService.Configuration));
        }

        flow.Ui.Upsert(Hidden(RegisterField));
    }

    public async Task<Outcome> RegisterAsync(Attempt attempt)
    {
        var (flow, submission) = (attempt.Flow, attempt.Submission);
        var registration = new TraitsForm(selfService, attempt);
        try
        {
            // Kratos looks at the traits before it finds whether it was asked for.
            registration.RequireValid();
            if (submission[RegisterField] is not { } response || response == "true")
            {
                return Outcome.NotResponsible;
            }

            selfService.RequireCsrfToken(attempt.Http, flow, submission);
            selfService.RequireEnabled(Method);
            var options = OptionsOf<CredentialCreateOptions>(flow);
            var passkey = await RelyingParty.RegisterAsync(response, options, selfService.Now);
            var identity = registration.ToIdentity();
            selfService.Save(flow);
            return Outcome.Of(Add(identity, passkey, options));
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
        var onlyWay = CountFirstFactors(identity) < 2;
        foreach (var passkey in identity.Credentials.GetValueOrDefault(Method)?.Passkeys ?? [])
        {
            flow.Ui.Append(new UiInput(UiNode.PasskeyGroup, RemoveField, "submit")
            {
                Value = passkey.Name,
                Disabled = onlyWay,
                Label = UiMessage.RemovePasskey(passkey.DisplayName is { Length: > 0 } keeper ? keeper : "unnamed", passkey.AddedAt),
            });
        }

        if (NameOf(identity) is not { Length: > 0 } name)
        {
            flow.Ui.AddMessage(UiMessage.IdentifierMissing);
            return;
        }

        var options = RelyingParty.BeginRegistration(name);
        flow.Context = flow.Context.SetItem(OptionsKey, options);
        if (flow.IsBrowser)
        {
            flow.Ui.Upsert(PasskeyScript.Node(selfService.Configuration));
        }

        flow.Ui.Upsert(new UiInput(UiNode.PasskeyGroup, "passkey_register_trigger", "button")
        {
            Value = "",
            ClickTrigger = "oryPasskeySettingsRegistration",
            HasScriptText = flow.IsBrowser,
            Label = UiMessage.AddPasskey,
        });
        flow.Ui.Upsert(Hidden(AddField));
        flow.Ui.Upsert(CreateData(RelyingParty.ToJson(options)));
    }

    public async Task<Outcome> ChangeAsync(Attempt attempt)
    {
        var submission = attempt.Submission;
        var (added, removed) = (submission[AddField], submission[RemoveField]);
        if (added is null && removed is null)
        {
            return Outcome.NotResponsible;
        }

        return await privileged.ChangeAsync(attempt, Method, async () =>
        {
            selfService.RequireEnabled(Method);
            selfService.RequireCsrfToken(attempt.Http, attempt.Flow, submission);
            var (session, identity) = attempt.Holder;
            privileged.Require(session);
            if (removed is not null)
            {
                return Outcome.Of(identities.Update(identity.Id, current => Remove(current, removed)));
            }

            var options = OptionsOf<CredentialCreateOptions>(attempt.Flow);
            var passkey = await RelyingParty.RegisterAsync(added!, options, selfService.Now);
            var updated = identities.Update(identity.Id, current => Add(current, passkey, options));
            selfService.Sessions.AddMethod(session.Id, Method, AssuranceLevel);
            return Outcome.Of(updated);
        });
    }

    private static T OptionsOf<T>(Flow flow)
        where T : class =>
        flow.Context.GetValueOrDefault(OptionsKey) as T
        ?? throw KratosException.Internal("Expected WebAuthN in internal context to be an object but got: unexpected end of JSON input");

    private async Task<Identity> AuthenticateAsync(Flow flow, string submitted)
    {
        var response = RelyingParty.ReadLogin(submitted);
        var options = OptionsOf<AssertionOptions>(flow);
        var handle = Encoding.UTF8.GetString(response.Response.UserHandle ?? []);
        var identity = identities.FindByIdentifier(Method, handle) ?? throw new FormException(UiMessage.UnknownPasskey);
        return await RelyingParty.ProvesAsync(response, options, identity.Credentials[Method].Passkeys)
            ? identity
            : throw new FormException(UiMessage.AuthenticationCodeWrong);
    }

    private Identity Add(Identity identity, Passkey passkey, CredentialCreateOptions options)
    {
        var now = selfService.Now;
        var handle = Encoding.UTF8.GetString(options.User.Id);
        var credential = identity.Credentials.GetValueOrDefault(Method) ?? new Credential(Method, [], now, now);
        return identity.WithCredential(credential with
        {
            Identifiers = credential.Identifiers.Add(handle),
            Passkeys = credential.Passkeys.Add(passkey),
            UserHandle = handle,
            UpdatedAt = now,
        });
    }

    private Identity Remove(Identity identity, string name)
    {
        var credential = identity.Credentials.GetValueOrDefault(Method)
            ?? throw KratosException.BadRequest("You tried to remove a WebAuthn but you have no WebAuthn set up.");
        var left = credential.Passkeys.RemoveAll(passkey => passkey.Name == name);
        if (left.Length == credential.Passkeys.Length)
        {
            throw KratosException.BadRequest("You tried to remove a passkey which does not exist.");
        }

        if (CountFirstFactors(identity) < 2)
        {
            throw new FormException(UiMessage.Generic("unable to remove this security key because it would lock you out of your account"), "webauthn_remove");
        }

        var now = selfService.Now;
        return left.Length == 0
            ? identity.WithoutCredential(Method, now)
            : identity.WithCredential(credential with { Passkeys = left, UpdatedAt = now });
    }

    /// <summary>The ways in which an identity signs in, as Kratos counts them: a code by e-mail counts even where there is no address.</summary>
    private int CountFirstFactors(Identity identity) =>
        (selfService.Configuration.CodeSignsIn ? 1 : 0)
        + (identity.PasswordHash is null ? 0 : 1)
        + (identity.Credentials.GetValueOrDefault(Method)?.Passkeys.Length ?? 0);

    private void OfferAny(HttpContext http, Flow flow)
    {
        flow.Ui.SetCsrf(CsrfProtection.Token(http));
        flow.Ui.Upsert(UiInput.Identifier(selfService.Configuration.DefaultSchema) with { Autocomplete = "username webauthn" });
        flow.Ui.Upsert(Challenge(flow, RelyingParty.BeginLogin([])));
        if (flow.IsBrowser)
        {
            flow.Ui.Upsert(PasskeyScript.Node(selfService.Configuration));
        }

        flow.Ui.Upsert(Hidden(LoginField) with { LoadTrigger = "oryPasskeyLoginAutocompleteInit", HasScriptText = flow.IsBrowser });
    }

    /// <summary>Answers a form that asks for a passkey without bringing one. Kratos does not keep what it shows then.</summary>
    private Task OfferAnyAloneAsync(HttpContext http, Flow flow)
    {
        var page = selfService.PageOf(flow);
        return ContentNegotiation.IsJson(http.Request)
            ? KratosJson.WriteAsync(http, KratosException.LocationChangeRequired(page))
            : SelfService.RedirectAsync(http, page);
    }

    private static UiInput Challenge(Flow flow, AssertionOptions options)
    {
        flow.Context = flow.Context.SetItem(OptionsKey, options);
        return new UiInput(UiNode.PasskeyGroup, "passkey_challenge", "hidden") { Value = RelyingParty.ToJson(options).ToJsonString() };
    }

    private static UiInput LoginButton(Flow flow) => new(UiNode.PasskeyGroup, "passkey_login_trigger", "button")
    {
        Value = "",
        ClickTrigger = "oryPasskeyLogin",
        HasScriptText = flow.IsBrowser,
        Label = UiMessage.SignInWithPasskey,
    };

    private static UiInput CreateData(JsonObject data) => new(UiNode.PasskeyGroup, "passkey_create_data", "hidden") { Value = data.ToJsonString() };

    private static UiInput Hidden(string name) => new(UiNode.PasskeyGroup, name, "hidden");

    private static string? NameOf(Identity identity) => identity.Marked(extension => extension.PasskeyName);
}
