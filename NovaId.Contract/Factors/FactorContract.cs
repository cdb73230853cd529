using System.Text.Json;

namespace NovaId.Contract.Factors;

/// <summary>The base of the cases about what a person proves beside, or in the place of, a password.</summary>
public abstract class FactorContract(IZone zone) : ZoneContract(zone)
{
    /// <summary>What Kratos says of a wrong code and of a wrong passkey.</summary>
    protected const int Wrong = 4000008;

    protected const string WayToTheSecondFactor = "/.ory/kratos/public/self-service/login/browser?aal=aal2";

    /// <summary>Sends a form of the settings and shows it again.</summary>
    protected static async Task<KratosForm> SaveAsync(Person person, KratosForm settings, object form) =>
        new((await person.Caller.PostAsync(settings.Action, form)).Expect(200).Json);

    /// <summary>Sets up an authenticator app with the session of the person.</summary>
    protected async Task<AuthenticatorApp> SetUpAppAsync(Person person)
    {
        var settings = await Kratos.ShowAsync("settings", person.Caller);
        var app = AppOf(settings);
        await SaveAsync(person, settings, new { method = "totp", totp_code = app.Code });
        return app;
    }

    /// <summary>Makes lookup secrets with the session of the person.</summary>
    protected async Task<IReadOnlyList<string>> SetUpLookupSecretsAsync(Person person)
    {
        var settings = await Kratos.ShowAsync("settings", person.Caller);
        var shown = await SaveAsync(person, settings, new { lookup_secret_regenerate = true });
        await SaveAsync(person, settings, new { lookup_secret_confirm = true });
        return Secrets(shown);
    }

    protected static AuthenticatorApp AppOf(KratosForm settings) =>
        new(settings["totp_secret_key"].GetProperty("text").GetProperty("text").GetString()!);

    protected static IReadOnlyList<string> Secrets(KratosForm settings) =>
        settings["lookup_secret_codes"].GetProperty("text").GetProperty("text").GetString()!.Split(", ");

    /// <summary>Adds a second factor to a session.</summary>
    protected async Task<Reply> StepUpAsync(string token, object form)
    {
        var caller = Anonymous.WithSessionToken(token);
        return await caller.PostAsync((await Kratos.ShowAsync("login", caller, "?aal=aal2")).Action, form);
    }

    /// <summary>How strong Kratos says that a session is.</summary>
    protected async Task<string?> LevelAsync(string token) => (await Kratos.WhoAmIAsync(token)).Expect(200)["authenticator_assurance_level"].GetString();

    /// <summary>The methods by which a session came about, in their order.</summary>
    protected async Task<IEnumerable<string?>> MethodsAsync(string token) =>
        (await Kratos.WhoAmIAsync(token)).Expect(200).Strings("authentication_methods", "method");

    /// <summary>The kinds of credentials that an identity has.</summary>
    protected async Task<IReadOnlyList<string>> CredentialsAsync(Person person)
    {
        var identity = await (await Operator.CallerAsync()).GetAsync($"/svc/kratos/admin/identities/{person.Id}");
        return [.. identity.Expect(200)["credentials"].EnumerateObject().Where(IsSet).Select(credential => credential.Name)];

        // A password that is not set still has its identifier.
        static bool IsSet(JsonProperty credential) => credential.Value.GetProperty("identifiers").GetArrayLength() > 0;
    }

    /// <summary>Whether the session is one of one factor where two are needed.</summary>
    protected async Task ExpectTooWeakAsync(string token)
    {
        var refused = (await Kratos.WhoAmIAsync(token)).Expect(403);
        Assert.Equal("session_aal2_required", refused["error.id"].GetString());
        Assert.Equal(WayToTheSecondFactor, new Uri(refused["redirect_browser_to"].GetString()!).PathAndQuery);
    }
}
