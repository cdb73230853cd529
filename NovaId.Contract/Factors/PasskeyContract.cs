using System.Text.Json;

namespace NovaId.Contract.Factors;

/// <summary>Passkeys: keys of an authenticator in the place of a password.</summary>
public abstract class PasskeyContract(IZone zone) : FactorContract(zone)
{
    private const string Script = $"{KratosFlows.Root}/.well-known/ory/webauthn.js";
    private const int Unreadable = 4000001;

    private string Origin => Zone.Gateway.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task A_registration_asks_for_a_discoverable_key()
    {
        var registration = await Kratos.ShowAsync("registration");

        Assert.Equal(1040007, registration.Label("passkey_register_trigger"));
        Assert.Equal("oryPasskeyRegistration", registration["passkey_register_trigger"].GetProperty("onclickTrigger").GetString());
        Assert.Equal("hidden", registration["passkey_register"].GetProperty("type").GetString());
        var data = registration.Data("passkey_create_data");
        Assert.Equal("traits.email", data.GetProperty("displayNameFieldName").GetString());
        var options = data.GetProperty("credentialOptions").GetProperty("publicKey");
        Assert.Equal("required", options.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString());
        Assert.Equal("preferred", options.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString());
        Assert.Contains(-7, options.GetProperty("pubKeyCredParams").EnumerateArray().Select(parameter => parameter.GetProperty("alg").GetInt32()));
    }

    [Fact]
    public async Task A_login_offers_any_passkey_that_the_browser_finds()
    {
        var login = await Kratos.ShowAsync("login");

        Assert.Equal(1010021, login.Label("passkey_login_trigger"));
        Assert.Equal("oryPasskeyLogin", login["passkey_login_trigger"].GetProperty("onclickTrigger").GetString());
        Assert.Equal("oryPasskeyLoginAutocompleteInit", login["passkey_login"].GetProperty("onloadTrigger").GetString());
        Assert.Equal("username webauthn", login["identifier"].GetProperty("autocomplete").GetString());
        Assert.False(login.Data("passkey_challenge").GetProperty("publicKey").TryGetProperty("allowCredentials", out _));
    }

    [Fact]
    public async Task Only_pages_are_given_the_script()
    {
        var page = new KratosForm((await KratosFlows.BeginAsync("login", NewBrowser())).Json);
        var app = await Kratos.ShowAsync("login");

        Assert.EndsWith("/.well-known/ory/webauthn.js", page["webauthn_script"].GetProperty("src").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("sha512-", page["webauthn_script"].GetProperty("integrity").GetString(), StringComparison.Ordinal);
        Assert.Equal("window.oryPasskeyLogin()", page["passkey_login_trigger"].GetProperty("onclick").GetString());
        Assert.DoesNotContain("webauthn_script", app.Names);
        Assert.False(app["passkey_login_trigger"].TryGetProperty("onclick", out _));
    }

    [Fact]
    public async Task The_script_has_the_functions_that_the_triggers_name()
    {
        var script = (await Anonymous.GetAsync(Script)).Expect(200);

        Assert.Equal("text/javascript", script.ContentType);
        Assert.All(
            ["oryPasskeyLogin", "oryPasskeyLoginAutocompleteInit", "oryPasskeyRegistration", "oryPasskeySettingsRegistration"],
            function => Assert.Contains($"window.{function} = ", script.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_script_is_the_one_whose_hash_the_form_names()
    {
        var page = new KratosForm((await KratosFlows.BeginAsync("login", NewBrowser())).Json);
        var script = (await Anonymous.GetAsync(Script)).Expect(200);

        var hash = System.Security.Cryptography.SHA512.HashData(System.Text.Encoding.UTF8.GetBytes(script.Body));
        Assert.Equal($"sha512-{Convert.ToBase64String(hash)}", page["webauthn_script"].GetProperty("integrity").GetString());
    }

    [Fact]
    public async Task A_person_registers_with_a_passkey()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var email = KratosFlows.NewEmail();

        var done = (await RegisterAsync(authenticator, email)).Expect(200);

        Operator.Remember(done["identity.id"].GetString()!);
        Assert.Equal(email, done["identity.traits.email"].GetString());
        var token = done["session_token"].GetString()!;
        Assert.Equal(["passkey"], await MethodsAsync(token));
        Assert.Equal("aal1", await LevelAsync(token));
        (await Anonymous.WithSessionToken(token).GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task A_person_logs_in_with_a_passkey()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var id = await NewKeyholderAsync(authenticator);

        var done = (await LoginAsync(authenticator)).Expect(200);

        Assert.Equal(id, done["session.identity.id"].GetString());
        Assert.Equal(["passkey"], await MethodsAsync(done["session_token"].GetString()!));
    }

    [Fact]
    public async Task A_passkey_and_a_code_are_two_factors()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        await AddAsync(person, authenticator);
        var login = (await LoginAsync(authenticator)).Expect(200);
        var token = login["session_token"].GetString()!;
        await ExpectTooWeakAsync(token);

        (await StepUpAsync(token, new { method = "totp", totp_code = app.Code })).Expect(200);

        Assert.Equal("aal2", await LevelAsync(token));
        Assert.Equal(["passkey", "totp"], await MethodsAsync(token));
    }

    [Fact]
    public async Task A_person_adds_a_passkey_to_a_password()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var person = await NewPersonAsync();

        var saved = await AddAsync(person, authenticator);

        Assert.Equal(authenticator.Name, saved["passkey_remove"].GetProperty("value").GetString());
        Assert.Equal(1050020, saved.Label("passkey_remove"));
        Assert.Equal(["password", "passkey"], await MethodsAsync(person.Session.Token));
        Assert.Contains("passkey", await CredentialsAsync(person));
        Assert.Equal(person.Id, (await LoginAsync(authenticator)).Expect(200)["session.identity.id"].GetString());
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    [Theory]
    [InlineData("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager")]
    [InlineData("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "iCloud Keychain")]
    [InlineData("9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello")]
    [InlineData("bada5566-a7aa-401f-bd96-45619a55120d", "1Password")]
    [InlineData("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden")]
    [InlineData("01020304-0506-4708-8102-030405060708", "unnamed")]
    [InlineData("00000000-0000-0000-0000-000000000000", "unnamed")]
    public async Task A_passkey_has_the_name_of_what_keeps_it(string model, string name)
    {
        using var authenticator = new SoftwareAuthenticator(Origin) { Model = new Guid(model) };
        var person = await NewPersonAsync();

        var label = (await AddAsync(person, authenticator)).Node("passkey_remove").GetProperty("meta").GetProperty("label");

        Assert.Equal($"Remove passkey \"{name}\"", label.GetProperty("text").GetString());
        Assert.Equal(name, label.GetProperty("context").GetProperty("display_name").GetString());
    }

    [Fact]
    public async Task A_person_has_several_passkeys_and_each_logs_in()
    {
        using var first = new SoftwareAuthenticator(Origin);
        using var second = new SoftwareAuthenticator(Origin);
        var person = await NewPersonAsync();
        await AddAsync(person, first);
        await AddAsync(person, second);

        Assert.Equal(person.Id, (await LoginAsync(first)).Expect(200)["session.identity.id"].GetString());
        Assert.Equal(person.Id, (await LoginAsync(second)).Expect(200)["session.identity.id"].GetString());
    }

    [Fact]
    public async Task A_removed_passkey_logs_nobody_in()
    {
        using var kept = new SoftwareAuthenticator(Origin);
        using var removed = new SoftwareAuthenticator(Origin);
        var person = await NewPersonAsync();
        await AddAsync(person, kept);
        await AddAsync(person, removed);

        await SaveAsync(person, await Kratos.ShowAsync("settings", person.Caller), new { passkey_remove = removed.Name });

        (await LoginAsync(removed)).Expect(400);
        (await LoginAsync(kept)).Expect(200);
    }

    [Fact]
    public async Task A_passkey_that_is_not_there_is_not_removed()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var person = await NewPersonAsync();
        await AddAsync(person, authenticator);

        var refused = (await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), new { passkey_remove = "00ff" })).Expect(400);

        Assert.Equal([Unreadable], KratosFlows.Messages(refused.Json));
        (await LoginAsync(authenticator)).Expect(200);
    }

    [Fact]
    public async Task A_passkey_renews_a_session()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var person = await NewPersonAsync();
        await AddAsync(person, authenticator);
        var login = await Kratos.ShowAsync("login", person.Caller, "?refresh=true");
        var options = login.Data("passkey_challenge").GetProperty("publicKey");
        Assert.Single(options.GetProperty("allowCredentials").EnumerateArray());
        Assert.Equal(person.Email, login["identifier"].GetProperty("value").GetString());

        var done = (await person.Caller.PostAsync(login.Action, new { method = "passkey", passkey_login = authenticator.Get(options) })).Expect(200);

        Assert.Equal(person.Session.Id, done["session.id"].GetString());
        Assert.Equal(["password", "passkey", "passkey"], await MethodsAsync(person.Session.Token));
    }

    [Fact]
    public async Task A_passkey_is_added_and_removed_only_soon_after_a_login()
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"No session can be made older on this zone ({Zone.Kind}).");
        using var authenticator = new SoftwareAuthenticator(Origin);
        using var second = new SoftwareAuthenticator(Origin);
        var person = await NewPersonAsync();
        await AddAsync(person, authenticator);
        await Zone.AgeSessionAsync(person.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);
        var settings = await Kratos.ShowAsync("settings", person.Caller);

        var adding = (await person.Caller.PostAsync(settings.Action, new { passkey_settings_register = second.Create(CreationOptions(settings)) })).Expect(403);
        var removing = (await person.Caller.PostAsync(settings.Action, new { passkey_remove = authenticator.Name })).Expect(403);

        Assert.All([adding, removing], refused => Assert.Equal("session_refresh_required", refused["error.id"].GetString()));
        (await LoginAsync(authenticator)).Expect(200);
        (await LoginAsync(second)).Expect(400);
    }

    [Fact]
    public async Task A_browser_registers_and_logs_in_with_a_passkey()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var (newcomer, returning) = (NewBrowser(), NewBrowser());
        var registration = await KratosFlows.BeginAsync("registration", newcomer);
        var created = authenticator.Create(RegistrationOptions(new(registration.Json)));
        var done = await newcomer.PostFormAsync(
            registration.Action,
            ("csrf_token", registration.CsrfToken),
            ("traits.email", KratosFlows.NewEmail()),
            ("passkey_register", created));
        Assert.Equal(Pages.Home, (await newcomer.FollowAsync(done)).AbsoluteUri);
        var id = (await newcomer.GetAsync(KratosFlows.WhoAmI)).Expect(200)["identity.id"].GetString()!;
        Operator.Remember(id);

        var login = await KratosFlows.BeginAsync("login", returning);
        var proof = authenticator.Get(LoginOptions(new(login.Json)));
        await returning.PostFormAsync(login.Action, ("csrf_token", login.CsrfToken), ("passkey_login", proof));

        Assert.Equal(id, (await returning.GetAsync(KratosFlows.WhoAmI)).Expect(200)["identity.id"].GetString());
    }

    [Fact]
    public async Task A_passkey_in_a_forged_form_is_refused()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        var browser = NewBrowser();
        var login = await KratosFlows.BeginAsync("login", browser);

        var form = OAuth2Flows.Form(("passkey_login", authenticator.Get(LoginOptions(new(login.Json)))));
        var refused = (await browser.SendAsync(HttpMethod.Post, login.Action, form, ("Accept", "application/json"))).Expect(403);

        Assert.Equal("security_csrf_violation", refused["error.id"].GetString());
        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(401);
    }

    [Fact]
    public async Task A_key_that_nobody_registered_logs_nobody_in()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        authenticator.Create(RegistrationOptions(await Kratos.ShowAsync("registration")));

        var refused = (await LoginAsync(authenticator)).Expect(400);

        Assert.Contains(4000015, KratosFlows.Messages(refused.Json));
    }

    [Fact]
    public async Task A_signature_with_another_key_is_refused()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        using var pretender = authenticator.Pretender();

        await ExpectWrongAsync(pretender);
    }

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("http://localhost:4455.evil.test")]
    [InlineData("http://evil.localhost:4455")]
    [InlineData("not an origin")]
    public async Task A_proof_made_on_another_page_is_refused(string origin)
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        authenticator.Origin = origin;

        await ExpectWrongAsync(authenticator);
    }

    [Fact]
    public async Task A_proof_for_another_relying_party_is_refused()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        authenticator.RelyingParty = "evil.test";

        await ExpectWrongAsync(authenticator);
    }

    [Fact]
    public async Task A_proof_for_another_purpose_is_refused()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        authenticator.Ceremony = "webauthn.create";

        await ExpectWrongAsync(authenticator);
    }

    [Fact]
    public async Task A_proof_without_a_person_present_is_refused()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        authenticator.IsUserPresent = false;

        await ExpectWrongAsync(authenticator);
    }

    [Fact]
    public async Task Kratos_prefers_that_the_authenticator_verifies_its_user_and_does_not_insist()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        authenticator.IsUserVerified = false;

        (await LoginAsync(authenticator)).Expect(200);
    }

    [Fact]
    public async Task Kratos_does_not_look_at_the_counter_so_that_a_copy_of_a_key_goes_unnoticed()
    {
        using var authenticator = new SoftwareAuthenticator(Origin) { Counter = 10 };
        await NewKeyholderAsync(authenticator);
        using var clone = authenticator.Clone();
        (await LoginAsync(authenticator)).Expect(200);
        (await LoginAsync(authenticator)).Expect(200);
        clone.Counter = 0;

        (await LoginAsync(clone)).Expect(200);
    }

    [Fact]
    public async Task A_proof_is_good_for_one_form_only()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        var (first, second) = (await Kratos.ShowAsync("login"), await Kratos.ShowAsync("login"));
        var form = new { method = "passkey", passkey_login = authenticator.Get(LoginOptions(first)) };

        var refused = (await Anonymous.PostAsync(second.Action, form)).Expect(400);
        Assert.Contains(Wrong, KratosFlows.Messages(refused.Json));

        (await Anonymous.PostAsync(first.Action, form)).Expect(200);
    }

    [Fact]
    public async Task A_proof_is_good_once()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        await NewKeyholderAsync(authenticator);
        var login = await Kratos.ShowAsync("login");
        var form = new { method = "passkey", passkey_login = authenticator.Get(LoginOptions(login)) };
        (await Anonymous.PostAsync(login.Action, form)).Expect(200);

        // Kratos finds its challenge gone and calls that its own fault.
        var again = (await Anonymous.PostAsync(login.Action, form)).Expect(500);

        Assert.False(again.Json.TryGetProperty("session", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{}}")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{\"authenticatorData\":\"AA\",\"clientDataJSON\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AA\"}}")]
    public async Task What_is_no_proof_is_refused(string proof)
    {
        var login = await Kratos.ShowAsync("login");

        var refused = await Anonymous.PostAsync(login.Action, new { method = "passkey", passkey_login = proof });

        if (proof.Length == 0)
        {
            // Nothing at all is a page without the script; Kratos sends it to the form again.
            Assert.Equal("browser_location_change_required", refused.Expect(422)["error.id"].GetString());
            return;
        }

        Assert.Contains(Unreadable, KratosFlows.Messages(refused.Expect(400).Json));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{\"attestationObject\":\"AA\",\"clientDataJSON\":\"e30\"}}")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"other\",\"response\":{}}")]
    public async Task A_malformed_attestation_registers_nobody(string attestation)
    {
        var email = KratosFlows.NewEmail();
        var form = new { method = "passkey", passkey_register = attestation, traits = new { email } };

        var refused = (await Anonymous.PostAsync(await Kratos.BeginAsync("registration"), form)).Expect(400);

        Assert.Contains(Unreadable, KratosFlows.Messages(refused.Json));
        await ExpectFreeAsync(email);
    }

    [Fact]
    public async Task A_credential_of_a_megabyte_registers_nobody()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var email = KratosFlows.NewEmail();
        var registration = await Kratos.ShowAsync("registration");
        var response = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(authenticator.Create(RegistrationOptions(registration)))!;
        response["response"] = JsonSerializer.SerializeToElement(new { attestationObject = new string('A', 1024 * 1024), clientDataJSON = "e30" });
        var form = new { method = "passkey", passkey_register = JsonSerializer.Serialize(response), traits = new { email } };

        var refused = (await Anonymous.PostAsync(registration.Action, form)).Expect(400);

        Assert.Contains(Unreadable, KratosFlows.Messages(refused.Json));
        await ExpectFreeAsync(email);
    }

    [Fact]
    public async Task A_credential_id_that_is_too_long_registers_nobody()
    {
        using var authenticator = new SoftwareAuthenticator(Origin) { AttestedId = new byte[1024] };
        var email = KratosFlows.NewEmail();

        var refused = (await RegisterAsync(authenticator, email)).Expect(400);

        Assert.Contains(Unreadable, KratosFlows.Messages(refused.Json));
        await ExpectFreeAsync(email);
    }

    // Kratos calls an attestation that does not fit its own fault. What matters is that nobody is registered.
    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("challenge")]
    [InlineData("ceremony")]
    [InlineData("presence")]
    public async Task An_attestation_that_does_not_fit_registers_nobody(string what)
    {
        using var authenticator = new SoftwareAuthenticator(what == "origin" ? "https://evil.test" : Origin)
        {
            RelyingParty = what == "relying party" ? "evil.test" : null,
            Challenge = what == "challenge" ? "c29tZXRoaW5nIHRoYXQgd2FzIG5ldmVyIGFza2VkISE" : null,
            Ceremony = what == "ceremony" ? "webauthn.get" : null,
            IsUserPresent = what != "presence",
        };
        var email = KratosFlows.NewEmail();

        var refused = (await RegisterAsync(authenticator, email)).Expect(500);

        Assert.StartsWith("Unable to create WebAuthn credential: ", refused["error.reason"].GetString(), StringComparison.Ordinal);
        await ExpectFreeAsync(email);
    }

    [Fact]
    public async Task An_attestation_registers_one_person()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var registration = await Kratos.ShowAsync("registration");
        var created = authenticator.Create(RegistrationOptions(registration));
        var first = await Anonymous.PostAsync(
            registration.Action, new { method = "passkey", passkey_register = created, traits = new { email = KratosFlows.NewEmail() } });
        Operator.Remember(first.Expect(200)["identity.id"].GetString()!);
        var email = KratosFlows.NewEmail();

        var second = await Anonymous.PostAsync(registration.Action, new { method = "passkey", passkey_register = created, traits = new { email } });

        Assert.Contains(4000007, KratosFlows.Messages(second.Expect(400).Json));
        await ExpectFreeAsync(email);
    }

    [Fact]
    public async Task A_taken_address_is_not_registered_again_with_a_passkey()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var person = await SharedPersonAsync();

        var refused = (await RegisterAsync(authenticator, person.Email)).Expect(400);

        Assert.Contains(4000007, KratosFlows.Messages(refused.Json));
        (await LoginAsync(authenticator)).Expect(400);
    }

    [Fact]
    public async Task Nobody_adds_their_passkey_to_the_account_of_another()
    {
        using var authenticator = new SoftwareAuthenticator(Origin);
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        var settings = await Kratos.ShowAsync("settings", person.Caller);

        (await other.Caller.PostAsync(settings.Action, new { passkey_settings_register = authenticator.Create(CreationOptions(settings)) })).Expect(403);

        (await LoginAsync(authenticator)).Expect(400);
        Assert.DoesNotContain("passkey", await CredentialsAsync(person));
    }

    private static JsonElement RegistrationOptions(KratosForm form) => form.Data("passkey_create_data").GetProperty("credentialOptions").GetProperty("publicKey");

    private static JsonElement CreationOptions(KratosForm form) => form.Data("passkey_create_data").GetProperty("publicKey");

    private static JsonElement LoginOptions(KratosForm form) => form.Data("passkey_challenge").GetProperty("publicKey");

    private async Task<Reply> RegisterAsync(SoftwareAuthenticator authenticator, string email)
    {
        var registration = await Kratos.ShowAsync("registration");
        var created = authenticator.Create(RegistrationOptions(registration));
        return await Anonymous.PostAsync(registration.Action, new { method = "passkey", passkey_register = created, traits = new { email } });
    }

    /// <returns>The identity.</returns>
    private async Task<string> NewKeyholderAsync(SoftwareAuthenticator authenticator) =>
        Operator.Remember((await RegisterAsync(authenticator, KratosFlows.NewEmail())).Expect(200)["identity.id"].GetString()!);

    private async Task<Reply> LoginAsync(SoftwareAuthenticator authenticator)
    {
        var login = await Kratos.ShowAsync("login");
        return await Anonymous.PostAsync(login.Action, new { method = "passkey", passkey_login = authenticator.Get(LoginOptions(login)) });
    }

    private async Task<KratosForm> AddAsync(Person person, SoftwareAuthenticator authenticator)
    {
        var settings = await Kratos.ShowAsync("settings", person.Caller);
        return await SaveAsync(person, settings, new { passkey_settings_register = authenticator.Create(CreationOptions(settings)) });
    }

    private async Task ExpectWrongAsync(SoftwareAuthenticator authenticator)
    {
        var refused = (await LoginAsync(authenticator)).Expect(400);
        Assert.Contains(Wrong, KratosFlows.Messages(refused.Json));
    }

    /// <summary>Whether nobody has this address: somebody can still register with it.</summary>
    private async Task ExpectFreeAsync(string email)
    {
        var reply = (await Kratos.RegisterAsync(KratosFlows.NewPassword(), new { email })).Expect(200);
        Operator.Remember(reply["identity.id"].GetString()!);
    }
}
