using System.Text.Json.Nodes;

namespace NovaId.Contract.Sessions;

/// <summary>What people change of themselves.</summary>
public abstract class SettingsContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_person_changes_their_name()
    {
        var person = await NewPersonAsync();

        (await ProfileAsync(person, new() { ["email"] = person.Email, ["name"] = new JsonObject { ["first"] = "Grace" } })).Expect(200);

        Assert.Equal("Grace", (await Kratos.WhoAmIAsync(person.Session.Token))["identity.traits.name.first"].GetString());
    }

    [Fact]
    public async Task A_person_with_a_fresh_session_changes_their_address()
    {
        var person = await NewPersonAsync();
        var email = KratosFlows.NewEmail();

        (await ProfileAsync(person, new() { ["email"] = email })).Expect(200);

        (await Kratos.LoginAsync(email, person.Password)).Expect(200);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(400);
    }

    [Fact]
    public async Task An_address_that_belongs_to_another_is_refused()
    {
        var (person, other) = (await NewPersonAsync(), await SharedPersonAsync());

        (await ProfileAsync(person, new() { ["email"] = other.Email })).Expect(400);

        Assert.Equal(person.Email, (await Kratos.WhoAmIAsync(person.Session.Token))["identity.traits.email"].GetString());
    }

    [Theory]
    [InlineData("rank")]
    [InlineData("role")]
    [InlineData("groups")]
    public async Task Nobody_gives_themselves_a_rank(string trait)
    {
        var person = await NewPersonAsync();

        (await ProfileAsync(person, new() { ["email"] = person.Email, [trait] = "General" })).Expect(400);

        Assert.False((await Kratos.WhoAmIAsync(person.Session.Token))["identity.traits"].TryGetProperty(trait, out _));
        Assert.Empty(await Operator.RanksAsync(person.Id));
    }

    [Fact]
    public async Task A_person_with_a_fresh_session_changes_their_password()
    {
        var person = await NewPersonAsync();
        var password = KratosFlows.NewPassword();

        (await PasswordAsync(person, password)).Expect(200);

        (await Kratos.LoginAsync(person.Email, password)).Expect(200);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(400);
    }

    [Fact]
    public async Task A_new_password_that_is_too_short_is_refused()
    {
        var person = await NewPersonAsync();

        var reply = (await PasswordAsync(person, "short")).Expect(400);

        Assert.Contains(4000032, KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task A_password_is_changed_only_soon_after_a_login()
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"No session can be made older on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        await Zone.AgeSessionAsync(person.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);

        var refused = (await PasswordAsync(person, KratosFlows.NewPassword())).Expect(403);

        Assert.Equal("session_refresh_required", refused["error.id"].GetString());
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    [Fact]
    public async Task An_address_is_changed_only_soon_after_a_login()
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"No session can be made older on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        await Zone.AgeSessionAsync(person.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);

        (await ProfileAsync(person, new() { ["email"] = KratosFlows.NewEmail() })).Expect(403);

        Assert.Equal(person.Email, (await Kratos.WhoAmIAsync(person.Session.Token))["identity.traits.email"].GetString());
    }

    [Fact]
    public async Task A_name_is_changed_at_any_time()
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"No session can be made older on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        await Zone.AgeSessionAsync(person.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);

        (await ProfileAsync(person, new() { ["email"] = person.Email, ["name"] = new JsonObject { ["first"] = "Grace" } })).Expect(200);
    }

    [Fact]
    public async Task A_login_on_purpose_makes_an_old_session_fresh()
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"No session can be made older on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        await Zone.AgeSessionAsync(person.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);
        var login = (await person.Caller.GetAsync($"{KratosFlows.Root}/self-service/login/api?refresh=true")).Expect(200);

        var form = new { method = "password", identifier = person.Email, password = person.Password };
        (await person.Caller.PostAsync(new Uri(login["ui.action"].GetString()!).PathAndQuery, form)).Expect(200);

        (await PasswordAsync(person, KratosFlows.NewPassword())).Expect(200);
    }

    [Fact]
    public async Task Settings_need_a_session() =>
        (await Anonymous.GetAsync($"{KratosFlows.Root}/self-service/settings/api")).Expect(401);

    [Fact]
    public async Task Nobody_submits_the_settings_of_another()
    {
        var (person, other) = (await NewPersonAsync(), await SharedPersonAsync());
        var action = await Kratos.BeginAsync("settings", person.Caller);

        (await other.Caller.PostAsync(action, new { method = "password", password = KratosFlows.NewPassword() })).Expect(403);

        (await Kratos.LoginAsync(other.Email, other.Password)).Expect(200);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    [Fact]
    public async Task A_browser_changes_a_name()
    {
        var person = await NewPersonAsync();
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, person);
        var flow = await KratosFlows.BeginAsync("settings", browser);

        var done = await browser.PostFormAsync(
            flow.Action,
            ("method", "profile"),
            ("csrf_token", flow.CsrfToken),
            ("traits.email", person.Email),
            ("traits.name.first", "Grace"));
        done.Expect(303);

        Assert.Equal("Grace", (await Kratos.WhoAmIAsync(person.Session.Token))["identity.traits.name.first"].GetString());
    }

    [Fact]
    public async Task A_browser_changes_nothing_without_the_token_against_forgery()
    {
        var person = await NewPersonAsync();
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, person);
        var flow = await KratosFlows.BeginAsync("settings", browser);
        var form = OAuth2Flows.Form(("method", "profile"), ("traits.email", person.Email), ("traits.name.first", "Mallory"));

        (await browser.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json"))).Expect(403);

        Assert.DoesNotContain("Mallory", (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200).Body, StringComparison.Ordinal);
    }

    private async Task<Reply> ProfileAsync(Person person, JsonObject traits) =>
        await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), new { method = "profile", traits });

    private async Task<Reply> PasswordAsync(Person person, string password) =>
        await person.Caller.PostAsync(await Kratos.BeginAsync("settings", person.Caller), new { method = "password", password });
}
