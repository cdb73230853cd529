namespace NovaId.Contract.Sessions;

/// <summary>Registration: whoever comes gets an identity, and nothing else.</summary>
public abstract class RegistrationContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task An_app_that_registers_a_person_gets_a_session_at_once()
    {
        var (email, password) = (KratosFlows.NewEmail(), KratosFlows.NewPassword());

        var reply = (await Kratos.RegisterAsync(password, new { email, name = new { first = "Ada", last = "Byron" } })).Expect(200);

        Operator.Remember(reply["identity.id"].GetString()!);
        Assert.Equal(email, reply["identity.traits.email"].GetString());
        Assert.Equal("Ada", reply["identity.traits.name.first"].GetString());
        Assert.Equal("active", reply["identity.state"].GetString());
        Assert.True(reply["session.active"].GetBoolean());
        Assert.Equal("aal1", reply["session.authenticator_assurance_level"].GetString());
        var whoAmI = (await Kratos.WhoAmIAsync(reply["session_token"].GetString()!)).Expect(200);
        Assert.Equal(reply["identity.id"].GetString(), whoAmI["identity.id"].GetString());
    }

    [Fact]
    public async Task A_browser_that_registers_a_person_gets_a_cookie_and_goes_home()
    {
        var browser = NewBrowser();
        var (email, password) = (KratosFlows.NewEmail(), KratosFlows.NewPassword());
        var flow = await KratosFlows.BeginAsync("registration", browser);

        var done = await SubmitAsync(browser, flow, email, password);

        Assert.Equal(303, done.Status);
        Assert.Equal(Pages.Home, done.Location.AbsoluteUri);
        var whoAmI = (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200);
        Operator.Remember(whoAmI["identity.id"].GetString()!);
        Assert.Equal(email, whoAmI["identity.traits.email"].GetString());
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_for_scripts_and_other_sites()
    {
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("registration", browser);

        var done = (await SubmitAsync(browser, flow, KratosFlows.NewEmail(), KratosFlows.NewPassword())).Expect(303);

        var cookie = done.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("novaid_session=", StringComparison.Ordinal));
        Assert.Contains("HttpOnly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("SameSite=Lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Operator.Remember((await browser.GetAsync(KratosFlows.WhoAmI))["identity.id"].GetString()!);
    }

    [Fact]
    public async Task A_new_person_holds_no_rank()
    {
        var person = await NewPersonAsync();

        Assert.Empty(await Operator.RanksAsync(person.Id));
    }

    [Theory]
    [InlineData("rank")]
    [InlineData("role")]
    [InlineData("groups")]
    [InlineData("metadata_admin")]
    public async Task A_trait_that_would_say_what_one_may_do_is_refused(string trait)
    {
        var (email, password) = (KratosFlows.NewEmail(), KratosFlows.NewPassword());

        (await Kratos.RegisterAsync(password, new Dictionary<string, string> { ["email"] = email, [trait] = "General" })).Expect(400);

        (await Kratos.LoginAsync(email, password)).Expect(400);
    }

    [Fact]
    public async Task An_address_is_registered_once()
    {
        var person = await NewPersonAsync();

        var reply = (await Kratos.RegisterAsync(KratosFlows.NewPassword(), new { email = person.Email })).Expect(400);

        Assert.Contains(4000007, KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task Capital_letters_make_no_other_address()
    {
        var person = await NewPersonAsync();

        var reply = (await Kratos.RegisterAsync(KratosFlows.NewPassword(), new { email = person.Email.ToUpperInvariant() })).Expect(400);

        Assert.Contains(4000007, KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task A_password_of_eleven_letters_is_too_short()
    {
        var reply = (await Kratos.RegisterAsync(KratosFlows.NewPassword()[..11], new { email = KratosFlows.NewEmail() })).Expect(400);

        Assert.Contains(4000032, KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task A_password_like_the_address_is_refused()
    {
        var email = KratosFlows.NewEmail();

        var reply = (await Kratos.RegisterAsync($"{email}1", new { email })).Expect(400);

        Assert.Contains(4000031, KratosFlows.Messages(reply.Json));
    }

    [Fact]
    public async Task An_address_is_compulsory()
    {
        var reply = (await Kratos.RegisterAsync(KratosFlows.NewPassword(), new { name = new { first = "Ada" } })).Expect(400);

        Assert.Contains(4000002, KratosFlows.Messages(reply.Json));
    }

    [Theory]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("@contract.test")]
    public async Task What_is_no_address_is_refused(string email) =>
        (await Kratos.RegisterAsync(KratosFlows.NewPassword(), new { email })).Expect(400);

    [Fact]
    public async Task A_page_cannot_use_the_flow_of_an_app()
    {
        var action = await Kratos.BeginAsync("registration");
        var form = new { method = "password", password = KratosFlows.NewPassword(), traits = new { email = KratosFlows.NewEmail() } };

        (await Anonymous.With("Origin", "http://localhost:3000").PostAsync(action, form)).Expect(400);
        (await Anonymous.With("Cookie", "a=b").PostAsync(action, form)).Expect(400);
    }

    [Fact]
    public async Task A_browser_must_send_the_token_against_forgery()
    {
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("registration", browser);
        var email = KratosFlows.NewEmail();

        await SubmitAsync(browser, flow with { CsrfToken = "" }, email, KratosFlows.NewPassword());

        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(401);
    }

    [Fact]
    public async Task A_flow_that_does_not_exist_is_not_found()
    {
        var target = $"{KratosFlows.Root}/self-service/registration?flow={Guid.NewGuid()}";

        (await Anonymous.PostAsync(target, new { method = "password" })).Expect(404);
    }

    [Fact]
    public async Task Whoever_has_a_session_does_not_register_again()
    {
        var person = await SharedPersonAsync();

        var reply = (await person.Caller.GetAsync($"{KratosFlows.Root}/self-service/registration/api")).Expect(400);

        Assert.Equal("session_already_available", reply["error.id"].GetString());
    }

    private static Task<Reply> SubmitAsync(Browser browser, BrowserFlow flow, string email, string password) =>
        browser.PostFormAsync(
            flow.Action, ("method", "password"), ("csrf_token", flow.CsrfToken), ("traits.email", email), ("password", password));
}
