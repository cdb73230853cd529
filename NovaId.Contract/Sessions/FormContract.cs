namespace NovaId.Contract.Sessions;

/// <summary>The parts of the forms and their order, which is the order in which a page shows them.</summary>
public abstract class FormContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task The_login_of_an_app()
    {
        var form = await Kratos.ShowAsync("login");

        Assert.Equal(
            ["csrf_token", "identifier", "passkey_login_trigger", "passkey_login", "passkey_challenge", "method", "password", "method"], form.Names);
    }

    [Fact]
    public async Task The_login_page()
    {
        var form = new KratosForm((await KratosFlows.BeginAsync("login", NewBrowser())).Json);

        Assert.Equal(
            [
                "csrf_token", "identifier", "webauthn_script", "passkey_login_trigger", "passkey_login", "passkey_challenge", "method", "password", "method",
            ],
            form.Names);
    }

    [Fact]
    public async Task The_login_of_an_app_that_renews()
    {
        var person = await SharedPersonAsync();

        var form = await Kratos.ShowAsync("login", person.Caller, "?refresh=true");

        Assert.Equal(["csrf_token", "identifier", "method", "password", "method"], form.Names);
    }

    [Fact]
    public async Task The_registration_of_an_app()
    {
        var form = await Kratos.ShowAsync("registration");

        Assert.Equal(
            [
                "csrf_token", "traits.email", "traits.name.first", "traits.name.last", "passkey_register_trigger", "passkey_register",
                "passkey_create_data", "method", "password", "method",
            ],
            form.Names);
    }

    [Fact]
    public async Task The_registration_page()
    {
        var form = new KratosForm((await KratosFlows.BeginAsync("registration", NewBrowser())).Json);

        Assert.Equal(
            [
                "csrf_token", "traits.email", "traits.name.first", "traits.name.last", "webauthn_script", "passkey_register_trigger",
                "passkey_register", "passkey_create_data", "method", "password", "method",
            ],
            form.Names);
    }

    [Fact]
    public async Task The_settings_of_an_app()
    {
        var person = await SharedPersonAsync();

        var form = await Kratos.ShowAsync("settings", person.Caller);

        Assert.Equal(
            [
                "csrf_token", "traits.email", "traits.name.first", "traits.name.last", "method", "password", "method", "lookup_secret_regenerate",
                "passkey_register_trigger", "passkey_settings_register", "passkey_create_data", "totp_qr", "totp_secret_key", "totp_code", "method",
            ],
            form.Names);
    }

    [Fact]
    public async Task The_settings_page()
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());

        var form = new KratosForm((await KratosFlows.BeginAsync("settings", browser)).Json);

        Assert.Equal(
            [
                "csrf_token", "traits.email", "traits.name.first", "traits.name.last", "method", "password", "method", "lookup_secret_regenerate",
                "webauthn_script", "passkey_register_trigger", "passkey_settings_register", "passkey_create_data", "totp_qr", "totp_secret_key",
                "totp_code", "method",
            ],
            form.Names);
    }
}
