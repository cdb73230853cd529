namespace NovaId.Tests.Kratos;

public sealed class SettingsTests
{
    private const string NewPassword = "an entirely new phrase to know";

    [Fact]
    public async Task A_password_is_changed()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.SubmitAsync("settings", new { method = "password", password = NewPassword }, token);

        Assert.Equal(200, (int)response.StatusCode);
        var flow = await response.JsonAsync();
        Assert.Equal("success", flow.Text("state"));
        Assert.Equal([1050001], flow.GetProperty("ui").MessageIds());
        await zone.LoginAsync("ada@novaid.local", NewPassword);
        using var old = await zone.SubmitAsync("login", new { method = "password", identifier = "ada@novaid.local", password = KratosZone.Password });
        Assert.Equal(400, (int)old.StatusCode);
    }

    [Fact]
    public async Task The_old_password_is_not_a_new_one()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.SubmitAsync("settings", new { method = "password", password = KratosZone.Password }, token);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal([4000039], (await response.JsonAsync()).Input("password").MessageIds());
    }

    [Fact]
    public async Task The_form_shows_the_traits()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.Public.FetchAsync("/self-service/settings/api", token);

        var flow = await response.JsonAsync();
        Assert.Equal("show_form", flow.Text("state"));
        Assert.Equal(
            [
                "csrf_token", "traits.email", "traits.name.first", "traits.name.last", "method", "password", "method", "lookup_secret_regenerate",
                "passkey_register_trigger", "passkey_settings_register", "passkey_create_data", "totp_qr", "totp_secret_key", "totp_code", "method",
            ],
            flow.Inputs());
        Assert.Equal("ada@novaid.local", flow.Input("traits.email").At("attributes.value").GetString());
        Assert.Equal("ada@novaid.local", flow.At("identity.traits.email").GetString());
    }

    [Fact]
    public async Task A_profile_is_changed_and_the_new_address_signs_in()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.SubmitAsync("settings", new { method = "profile", traits = new { email = "countess@novaid.local" } }, token);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("countess@novaid.local", (await response.JsonAsync()).At("identity.traits.email").GetString());
        await zone.LoginAsync("countess@novaid.local");
        await zone.CreatePersonAsync("ada@novaid.local");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_refused()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        await zone.CreatePersonAsync("bob@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.SubmitAsync("settings", new { method = "profile", traits = new { email = "bob@novaid.local" } }, token);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal([4000007], (await response.JsonAsync()).GetProperty("ui").MessageIds());
        await zone.LoginAsync("ada@novaid.local");
    }

    [Fact]
    public async Task A_rank_cannot_be_put_into_the_traits()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.SubmitAsync("settings", new { method = "profile", traits = new { email = "ada@novaid.local", rank = "General" } }, token);

        Assert.Equal(400, (int)response.StatusCode);
        using var whoami = await zone.WhoAmIAsync(token);
        Assert.False((await whoami.JsonAsync()).At("identity.traits").TryGetProperty("rank", out _));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("profile")]
    public async Task An_old_login_must_be_renewed_before_credentials_change(string method)
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        zone.Time.Advance(TimeSpan.FromMinutes(16));

        using var response = await zone.SubmitAsync(
            "settings", new { method, password = NewPassword, traits = new { email = "countess@novaid.local" } }, token);

        Assert.Equal(403, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal("session_refresh_required", body.ErrorId());
        Assert.StartsWith(KratosZone.PublicAddress + "self-service/login/browser?refresh=true&return_to=", body.Text("redirect_browser_to"));
        using var whoami = await zone.WhoAmIAsync(token);
        Assert.Equal("ada@novaid.local", (await whoami.JsonAsync()).At("identity.traits.email").GetString());
    }

    [Fact]
    public async Task An_old_login_may_still_change_a_name()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        zone.Time.Advance(TimeSpan.FromMinutes(16));

        using var response = await zone.SubmitAsync(
            "settings", new { method = "profile", traits = new { email = "ada@novaid.local", name = new { first = "Augusta" } } }, token);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_page_goes_on_with_what_it_had_sent_after_it_signed_in_again()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");
        zone.Time.Advance(TimeSpan.FromMinutes(16));
        var flow = await browser.StartAsync("settings");
        using var paused = await browser.PostAsync(
            flow.At("ui.action").GetString()!, new() { ["method"] = "password", ["password"] = NewPassword, ["csrf_token"] = Browser.CsrfToken(flow) });
        Assert.Equal(303, (int)paused.StatusCode);

        using var again = await browser.LoginAsync("ada@novaid.local", query: paused.Headers.Location!.Query);
        using var resumed = await browser.GetAsync(again.Headers.Location!.ToString());

        Assert.Equal(303, (int)resumed.StatusCode);
        Assert.Equal("http://localhost:4455/accounts/settings?flow=" + flow.Text("id"), resumed.Headers.Location!.ToString());
        await zone.LoginAsync("ada@novaid.local", NewPassword);
    }

    [Fact]
    public async Task Settings_of_another_person_are_refused()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        await zone.CreatePersonAsync("bob@novaid.local");
        var ada = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        var bob = (await zone.LoginAsync("bob@novaid.local")).Text("session_token");
        using var start = await zone.Public.FetchAsync("/self-service/settings/api", ada);
        var id = (await start.JsonAsync()).Text("id");

        using var read = await zone.Public.FetchAsync("/self-service/settings/flows?id=" + id, bob);
        using var write = await zone.Public.PostJsonAsync("/self-service/settings?flow=" + id, new { method = "password", password = NewPassword }, bob);

        Assert.Equal(403, (int)read.StatusCode);
        Assert.Equal("security_identity_mismatch", (await read.JsonAsync()).ErrorId());
        Assert.Equal(403, (int)write.StatusCode);
        Assert.Equal("security_identity_mismatch", (await write.JsonAsync()).ErrorId());
    }

    [Fact]
    public async Task Settings_need_a_session()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();

        using var api = await zone.Public.FetchAsync("/self-service/settings/api");
        using var script = await browser.GetAsync("/self-service/settings/browser", script: true);
        using var page = await browser.GetAsync("/self-service/settings/browser?return_to=http://localhost:4455/accounts/x");

        Assert.Equal(401, (int)api.StatusCode);
        Assert.Equal("session_inactive", (await api.JsonAsync()).ErrorId());
        Assert.Equal(401, (int)script.StatusCode);
        Assert.Equal(303, (int)page.StatusCode);
        Assert.Equal(
            KratosZone.PublicAddress + "self-service/login/browser?return_to=http%3A%2F%2Flocalhost%3A4455%2Faccounts%2Fx", page.Headers.Location!.OriginalString);
    }
}
