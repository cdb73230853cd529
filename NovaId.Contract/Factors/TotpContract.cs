namespace NovaId.Contract.Factors;

/// <summary>Codes of an authenticator app as a second factor.</summary>
public abstract class TotpContract(IZone zone) : FactorContract(zone)
{
    [Fact]
    public async Task The_settings_show_a_secret_and_its_picture()
    {
        var person = await NewPersonAsync();

        var settings = await Kratos.ShowAsync("settings", person.Caller);

        Assert.Contains("totp", settings.Methods);
        Assert.Equal(1050017, settings.Label("totp_secret_key"));
        Assert.Equal(32, settings["totp_secret_key"].GetProperty("text").GetProperty("text").GetString()!.Length);
        Assert.Equal(1050005, settings.Label("totp_qr"));
        Assert.StartsWith("data:image/png;base64,iVBORw0KGgo", settings["totp_qr"].GetProperty("src").GetString(), StringComparison.Ordinal);
        Assert.Equal(256, settings["totp_qr"].GetProperty("width").GetInt32());
        Assert.Equal(1070006, settings.Label("totp_code"));
        Assert.True(settings["totp_code"].GetProperty("required").GetBoolean());
        Assert.DoesNotContain("totp_unlink", settings.Names);
    }

    [Fact]
    public async Task Each_form_has_a_secret_of_its_own()
    {
        var person = await NewPersonAsync();
        var (first, second) = (await Kratos.ShowAsync("settings", person.Caller), await Kratos.ShowAsync("settings", person.Caller));

        var refused = (await person.Caller.PostAsync(second.Action, new { method = "totp", totp_code = AppOf(first).Code })).Expect(400);

        Assert.Equal([Wrong], KratosFlows.Messages(refused.Json));
        Assert.Equal("aal1", await LevelAsync(person.Session.Token));
    }

    [Fact]
    public async Task Whoever_sets_up_an_app_has_proved_it_at_once()
    {
        var person = await NewPersonAsync();
        var settings = await Kratos.ShowAsync("settings", person.Caller);

        var saved = await SaveAsync(person, settings, new { method = "totp", totp_code = AppOf(settings).Code });

        Assert.Contains(1050001, saved.Messages);
        Assert.Equal(1050004, saved.Label("totp_unlink"));
        Assert.DoesNotContain("totp_code", saved.Names);
        Assert.DoesNotContain("totp_qr", saved.Names);
        Assert.Equal("aal2", await LevelAsync(person.Session.Token));
        Assert.Equal(["password", "totp"], await MethodsAsync(person.Session.Token));
        Assert.Contains("totp", await CredentialsAsync(person));
    }

    [Fact]
    public async Task A_wrong_code_sets_nothing_up()
    {
        var person = await NewPersonAsync();
        var settings = await Kratos.ShowAsync("settings", person.Caller);

        var refused = (await person.Caller.PostAsync(settings.Action, new { method = "totp", totp_code = AppOf(settings).WrongCode })).Expect(400);

        var form = new KratosForm(refused.Json);
        Assert.Equal(Wrong, Assert.Single(form.Node("totp_code").GetProperty("messages").EnumerateArray()).GetProperty("id").GetInt32());
        Assert.Equal("aal1", await LevelAsync(person.Session.Token));
        Assert.DoesNotContain("totp", await CredentialsAsync(person));
    }

    [Fact]
    public async Task No_code_sets_nothing_up()
    {
        var person = await NewPersonAsync();
        var settings = await Kratos.ShowAsync("settings", person.Caller);

        var refused = (await person.Caller.PostAsync(settings.Action, new { method = "totp" })).Expect(400);

        Assert.Equal([4000002], KratosFlows.Messages(refused.Json));
        Assert.DoesNotContain("totp", await CredentialsAsync(person));
    }

    [Fact]
    public async Task A_password_alone_is_no_longer_enough()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);

        var login = (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);

        Assert.Equal("aal1", login["session.authenticator_assurance_level"].GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, login["session.identity"].ValueKind);
        var token = login["session_token"].GetString()!;
        await ExpectTooWeakAsync(token);
        (await Anonymous.WithSessionToken(token).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task The_form_asks_for_the_factor_that_is_set_up()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var caller = Anonymous.WithSessionToken((await Kratos.LoginAsync(person)).Token);

        var login = await Kratos.ShowAsync("login", caller, "?aal=aal2");

        Assert.Equal("aal2", login.Json.GetProperty("requested_aal").GetString());
        Assert.Equal(["csrf_token", "totp_code", "method"], login.Names);
        Assert.Equal(["totp"], login.Methods);
        Assert.Equal([1010004], login.Messages);
        Assert.Equal(1010006, login.Label("totp_code"));
        Assert.Equal(1010009, login.Label("method"));
    }

    [Fact]
    public async Task The_code_makes_the_session_strong()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        var session = await Kratos.LoginAsync(person);

        var done = (await StepUpAsync(session.Token, new { method = "totp", totp_code = app.Code })).Expect(200);

        Assert.Equal(session.Id, done["session.id"].GetString());
        Assert.Equal("aal2", done["session.authenticator_assurance_level"].GetString());
        Assert.Equal(person.Id, done["session.identity.id"].GetString());
        Assert.Equal("aal2", await LevelAsync(session.Token));
        Assert.Equal(["password", "totp"], await MethodsAsync(session.Token));
        (await Anonymous.WithSessionToken(session.Token).GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task The_session_beside_it_stays_as_weak_as_it_was()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        var (weak, strong) = (await Kratos.LoginAsync(person), await Kratos.LoginAsync(person));

        (await StepUpAsync(strong.Token, new { method = "totp", totp_code = app.Code })).Expect(200);

        await ExpectTooWeakAsync(weak.Token);
        (await Anonymous.WithSessionToken(weak.Token).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_session_from_before_the_app_is_too_weak_after_it()
    {
        var person = await NewPersonAsync();
        var old = await Kratos.LoginAsync(person);

        await SetUpAppAsync(person);

        await ExpectTooWeakAsync(old.Token);
        (await Anonymous.WithSessionToken(old.Token).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task Five_wrong_codes_are_five_refusals_and_change_nothing()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        var session = await Kratos.LoginAsync(person);

        for (var i = 0; i < 5; i++)
        {
            var refused = (await StepUpAsync(session.Token, new { method = "totp", totp_code = app.WrongCode })).Expect(400);
            Assert.Contains(Wrong, KratosFlows.Messages(refused.Json));
            Assert.False(new KratosForm(refused.Json)["totp_code"].TryGetProperty("value", out _));
        }

        await ExpectTooWeakAsync(session.Token);
        (await StepUpAsync(session.Token, new { method = "totp", totp_code = app.Code })).Expect(200);
    }

    [Fact]
    public async Task The_code_of_somebody_else_is_refused()
    {
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        await SetUpAppAsync(person);
        var foreign = await SetUpAppAsync(other);
        var session = await Kratos.LoginAsync(person);

        var refused = (await StepUpAsync(session.Token, new { method = "totp", totp_code = foreign.Code })).Expect(400);

        Assert.Contains(Wrong, KratosFlows.Messages(refused.Json));
        await ExpectTooWeakAsync(session.Token);
    }

    [Theory]
    [InlineData(-95)]
    [InlineData(95)]
    public async Task A_code_of_another_time_is_refused(int seconds)
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        var session = await Kratos.LoginAsync(person);
        app.Ahead = TimeSpan.FromSeconds(seconds);

        (await StepUpAsync(session.Token, new { method = "totp", totp_code = app.Code })).Expect(400);

        await ExpectTooWeakAsync(session.Token);
    }

    [Fact]
    public async Task A_clock_may_be_half_a_minute_fast()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        var session = await Kratos.LoginAsync(person);
        app.Ahead = TimeSpan.FromSeconds(30);

        (await StepUpAsync(session.Token, new { method = "totp", totp_code = app.Code })).Expect(200);
    }

    [Fact]
    public async Task Kratos_takes_a_code_more_than_once_within_its_time()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        app.Ahead = TimeSpan.FromSeconds(30);
        var (code, first, second) = (app.Code, await Kratos.LoginAsync(person), await Kratos.LoginAsync(person));

        (await StepUpAsync(first.Token, new { method = "totp", totp_code = code })).Expect(200);
        (await StepUpAsync(second.Token, new { method = "totp", totp_code = code })).Expect(200);
    }

    [Theory]
    [InlineData("12345", 4000003)]
    [InlineData("", 4000002)]
    [InlineData("abcdef", 4000008)]
    [InlineData("1234567", 4000008)]
    public async Task What_is_no_code_is_refused(string code, int message)
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var session = await Kratos.LoginAsync(person);

        var refused = (await StepUpAsync(session.Token, new { method = "totp", totp_code = code })).Expect(400);

        Assert.Contains(message, KratosFlows.Messages(refused.Json));
        await ExpectTooWeakAsync(session.Token);
    }

    [Fact]
    public async Task Whoever_has_no_app_cannot_use_one()
    {
        var person = await NewPersonAsync();

        var login = await Kratos.ShowAsync("login", person.Caller, "?aal=aal2");
        var refused = (await person.Caller.PostAsync(login.Action, new { method = "totp", totp_code = "123456" })).Expect(400);

        Assert.Empty(login.Methods);
        Assert.Contains(4000011, KratosFlows.Messages(refused.Json));
        Assert.Equal("aal1", await LevelAsync(person.Session.Token));
    }

    [Fact]
    public async Task A_second_factor_needs_a_first()
    {
        var refused = (await Anonymous.GetAsync($"{KratosFlows.Root}/self-service/login/api?aal=aal2")).Expect(401);

        Assert.Equal("session_aal1_required", refused["error.id"].GetString());
    }

    [Fact]
    public async Task A_code_is_no_first_factor()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);

        var form = new { method = "totp", identifier = person.Email, totp_code = app.Code };
        var refused = (await Anonymous.PostAsync(await Kratos.BeginAsync("login"), form)).Expect(400);

        Assert.Contains(4010002, KratosFlows.Messages(refused.Json));
    }

    [Fact]
    public async Task A_strong_session_is_asked_again_only_on_purpose()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);

        var already = (await person.Caller.GetAsync($"{KratosFlows.Root}/self-service/login/api?aal=aal2")).Expect(400);
        Assert.Equal("session_already_available", already["error.id"].GetString());

        var login = await Kratos.ShowAsync("login", person.Caller, "?aal=aal2&refresh=true");
        Assert.Equal([1010003], login.Messages);
        (await person.Caller.PostAsync(login.Action, new { method = "totp", totp_code = app.Code })).Expect(200);
        Assert.Equal(["password", "totp", "totp"], await MethodsAsync(person.Session.Token));
    }

    [Fact]
    public async Task A_password_that_renews_a_strong_session_leaves_it_strong()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var login = await Kratos.ShowAsync("login", person.Caller, "?refresh=true");

        var form = new { method = "password", identifier = person.Email, password = person.Password };
        var done = (await person.Caller.PostAsync(login.Action, form)).Expect(200);

        Assert.Equal("aal2", done["session.authenticator_assurance_level"].GetString());
        Assert.Equal(["password", "totp", "password"], await MethodsAsync(person.Session.Token));
    }

    [Fact]
    public async Task The_settings_of_a_person_are_closed_to_a_weak_session()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var settings = await Kratos.ShowAsync("settings", person.Caller);
        var weak = Anonymous.WithSessionToken((await Kratos.LoginAsync(person)).Token);

        var begun = (await weak.GetAsync($"{KratosFlows.Root}/self-service/settings/api")).Expect(403);
        var shown = (await weak.GetAsync($"{KratosFlows.Root}/self-service/settings/flows?id={settings.Json.GetProperty("id").GetString()}")).Expect(403);
        var sent = (await weak.PostAsync(settings.Action, new { totp_unlink = true })).Expect(403);

        Assert.All([begun, shown, sent], refused => Assert.Equal("session_aal2_required", refused["error.id"].GetString()));
        Assert.Contains("totp", await CredentialsAsync(person));
    }

    [Fact]
    public async Task A_weak_session_does_not_list_the_others_but_may_end_them()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var weak = Anonymous.WithSessionToken((await Kratos.LoginAsync(person)).Token);

        Assert.Equal("session_aal2_required", (await weak.GetAsync($"{KratosFlows.Root}/sessions")).Expect(403)["error.id"].GetString());

        (await weak.DeleteAsync($"{KratosFlows.Root}/sessions")).Expect(200);
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
    }

    [Fact]
    public async Task Without_the_app_a_password_is_enough_again()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var weak = await Kratos.LoginAsync(person);

        await SaveAsync(person, await Kratos.ShowAsync("settings", person.Caller), new { totp_unlink = true });

        Assert.DoesNotContain("totp", await CredentialsAsync(person));
        Assert.Equal("aal1", await LevelAsync(weak.Token));
        (await Anonymous.WithSessionToken(weak.Token).GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task An_app_is_set_up_and_unlinked_only_soon_after_a_login()
    {
        Assert.SkipUnless(Zone.CanAgeSessions, $"No session can be made older on this zone ({Zone.Kind}).");
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        await SetUpAppAsync(person);
        var (linked, fresh) = (await Kratos.ShowAsync("settings", person.Caller), await Kratos.ShowAsync("settings", other.Caller));
        await Zone.AgeSessionAsync(person.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);
        await Zone.AgeSessionAsync(other.Session.Id, TimeSpan.FromMinutes(16), TestContext.Current.CancellationToken);

        var unlinking = (await person.Caller.PostAsync(linked.Action, new { totp_unlink = true })).Expect(403);
        var linking = (await other.Caller.PostAsync(fresh.Action, new { method = "totp", totp_code = AppOf(fresh).Code })).Expect(403);

        Assert.All([unlinking, linking], refused => Assert.Equal("session_refresh_required", refused["error.id"].GetString()));
        Assert.Contains("/self-service/login/browser?refresh=true", unlinking["redirect_browser_to"].GetString(), StringComparison.Ordinal);
        Assert.Contains("totp", await CredentialsAsync(person));
        Assert.DoesNotContain("totp", await CredentialsAsync(other));
    }

    [Fact]
    public async Task A_browser_is_led_to_the_second_factor_and_on()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        var browser = NewBrowser();
        var first = await KratosFlows.BeginAsync("login", browser);

        var page = await browser.FollowAsync(await KratosFlows.SubmitLoginAsync(browser, first, person.Email, person.Password));

        Assert.Equal(Pages.Login, page.GetLeftPart(UriPartial.Path));
        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(403);
        var second = await KratosFlows.FetchAsync("login", browser, Browser.Query(page, "flow"));
        var done = await browser.PostFormAsync(second.Action, ("method", "totp"), ("csrf_token", second.CsrfToken), ("totp_code", app.Code));
        Assert.Equal(Pages.Home, (await browser.FollowAsync(done)).AbsoluteUri);
        Assert.Equal("aal2", (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200)["authenticator_assurance_level"].GetString());
    }

    [Fact]
    public async Task A_page_that_asks_for_json_is_told_where_the_second_factor_is()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("login", browser);

        var form = KratosFlows.LoginForm(flow, person.Email, person.Password);
        var told = (await browser.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json"))).Expect(422);

        Assert.Equal("browser_location_change_required", told["error.id"].GetString());
        Assert.Equal(WayToTheSecondFactor, new Uri(told["redirect_browser_to"].GetString()!).PathAndQuery);
    }

    [Fact]
    public async Task A_browser_with_a_weak_session_is_led_from_the_settings_to_the_second_factor()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);
        var browser = NewBrowser();
        await KratosFlows.SubmitLoginAsync(browser, await KratosFlows.BeginAsync("login", browser), person.Email, person.Password);

        var led = (await browser.GetAsync($"{KratosFlows.Root}/self-service/settings/browser")).Expect(303);

        Assert.Equal(WayToTheSecondFactor, led.Location.PathAndQuery);
    }

    [Fact]
    public async Task A_code_in_a_forged_form_is_refused()
    {
        var person = await NewPersonAsync();
        var app = await SetUpAppAsync(person);
        var browser = NewBrowser();
        var first = await KratosFlows.BeginAsync("login", browser);
        var page = await browser.FollowAsync(await KratosFlows.SubmitLoginAsync(browser, first, person.Email, person.Password));
        var second = await KratosFlows.FetchAsync("login", browser, Browser.Query(page, "flow"));

        var form = OAuth2Flows.Form(("method", "totp"), ("totp_code", app.Code));
        var refused = (await browser.SendAsync(HttpMethod.Post, second.Action, form, ("Accept", "application/json"))).Expect(403);

        Assert.Equal("security_csrf_violation", refused["error.id"].GetString());
        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(403);
    }

    [Fact]
    public async Task The_operator_sees_that_there_is_an_app_and_not_its_secret()
    {
        var person = await NewPersonAsync();
        await SetUpAppAsync(person);

        var identity = await (await Operator.CallerAsync()).GetAsync($"/svc/kratos/admin/identities/{person.Id}");

        var credential = identity.Expect(200)["credentials.totp"];
        Assert.Equal([person.Id], credential.GetProperty("identifiers").EnumerateArray().Select(identifier => identifier.GetString()));
        Assert.False(credential.TryGetProperty("config", out _));
    }
}
