namespace NovaId.Contract.Codes;

/// <summary>Recovery: whoever reads the mails of an account gets back into it, and everybody else out of it.</summary>
public abstract class RecoveryContract(IZone zone) : ZoneContract(zone)
{
    private const int Sent = 1060003;
    private const int Recovered = 1060001;
    private const int Invalid = 4060006;

    [Fact]
    public async Task An_app_recovers_an_account_and_gives_it_another_password()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);

        var reply = (await AnswerAsync(action, code)).Expect(200);

        Assert.Equal("passed_challenge", reply["state"].GetString());
        var next = reply["continue_with"].EnumerateArray().ToDictionary(item => item.GetProperty("action").GetString()!);
        var token = next["set_ory_session_token"].GetProperty("ory_session_token").GetString()!;
        var settings = next["show_settings_ui"].GetProperty("flow").GetProperty("id").GetString()!;
        var recovered = Anonymous.WithSessionToken(token);
        var flow = (await recovered.GetAsync($"{KratosFlows.Root}/self-service/settings/flows?id={settings}")).Expect(200);
        Assert.Contains(Recovered, KratosFlows.Messages(flow.Json));
        var password = KratosFlows.NewPassword();
        var target = $"{KratosFlows.Root}/self-service/settings?flow={settings}";
        (await recovered.PostAsync(target, new { method = "password", password })).Expect(200);
        (await Kratos.LoginAsync(person.Email, password)).Expect(200);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(400);
    }

    [Fact]
    public async Task A_recovered_account_has_one_session_and_a_verified_address()
    {
        var person = await NewPersonAsync();
        var older = await Kratos.LoginAsync(person);
        var (action, code) = await SentFlowAsync(person);

        var token = SessionToken((await AnswerAsync(action, code)).Expect(200));

        (await Kratos.WhoAmIAsync(older.Token)).Expect(401);
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
        var session = (await Kratos.WhoAmIAsync(token)).Expect(200);
        Assert.Equal("code_recovery", session["authentication_methods"][0].GetProperty("method").GetString());
        Assert.Equal("aal1", session["authenticator_assurance_level"].GetString());
        Assert.True(session["identity.verifiable_addresses"][0].GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task A_page_recovers_an_account_and_ends_at_its_settings()
    {
        var person = await NewPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("recovery", browser);

        (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("email", person.Email))).Expect(303);
        flow = await KratosFlows.FetchAsync("recovery", browser, flow.Id);
        Assert.Equal("sent_email", flow.Json.GetProperty("state").GetString());
        var code = await Mail.CodeAsync(person.Email, MailKind.Recovery);
        var done = (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("code", code))).Expect(303);

        Assert.Equal(Pages.Of("settings"), done.Location.GetLeftPart(UriPartial.Path));
        var settings = await KratosFlows.FetchAsync("settings", browser, Browser.Query(done.Location, "flow"));
        Assert.Contains(Recovered, KratosFlows.Messages(settings.Json));
        Assert.Equal(person.Id, (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200)["identity.id"].GetString());
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
    }

    [Fact]
    public async Task A_script_is_told_where_the_settings_are()
    {
        var person = await NewPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("recovery", browser);
        (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("email", person.Email))).Expect(303);
        flow = await KratosFlows.FetchAsync("recovery", browser, flow.Id);
        var form = OAuth2Flows.Form(
            ("method", "code"), ("csrf_token", flow.CsrfToken), ("code", await Mail.CodeAsync(person.Email, MailKind.Recovery)));

        var reply = (await browser.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json"))).Expect(200);

        var next = Assert.Single(reply["continue_with"].EnumerateArray());
        Assert.Equal("show_settings_ui", next.GetProperty("action").GetString());
        Assert.Equal(Pages.Of("settings"), new Uri(next.GetProperty("flow").GetProperty("url").GetString()!).GetLeftPart(UriPartial.Path));
        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200);
    }

    [Fact]
    public async Task Only_the_newest_code_counts()
    {
        var person = await NewPersonAsync();
        var (action, first) = await SentFlowAsync(person);
        (await AskAsync(action, person.Email)).Expect(200);
        var second = (await Mail.ReadAsync(person.Email, MailKind.Recovery, 2)).Code;

        await ExpectRefusalAsync(action, first, unless: second);

        Assert.Equal("passed_challenge", (await AnswerAsync(action, second)).Expect(200)["state"].GetString());
    }

    [Fact]
    public async Task After_five_wrong_codes_the_right_one_is_refused_too()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);

        for (var i = 0; i < 5; i++)
        {
            await ExpectRefusalAsync(action, Flows.WrongCode(code));
        }

        var reply = (await AnswerAsync(action, code)).Expect(400);
        Assert.Equal("show_recovery_ui", reply["error.details.continue_with"][0].GetProperty("action").GetString());
        await ExpectUnchangedAsync(person);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);
        var token = SessionToken((await AnswerAsync(action, code)).Expect(200));

        (await AnswerAsync(action, code)).Expect(400);

        (await Kratos.WhoAmIAsync(token)).Expect(200);
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_flow_alone()
    {
        var person = await NewPersonAsync();
        var (_, code) = await SentFlowAsync(person);
        var (other, newer) = await SentFlowAsync(person, 2);

        await ExpectRefusalAsync(other, code, unless: newer);

        await ExpectUnchangedAsync(person);
    }

    [Fact]
    public async Task The_code_of_somebody_else_is_refused()
    {
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        var (mine, myCode) = await SentFlowAsync(person);
        var (_, theirCode) = await SentFlowAsync(other);

        await ExpectRefusalAsync(mine, theirCode, unless: myCode);

        await ExpectUnchangedAsync(person);
        await ExpectUnchangedAsync(other);
    }

    [Fact]
    public async Task The_code_of_another_kind_of_flow_is_refused()
    {
        var person = await NewPersonAsync();
        var verification = await Mail.CodeAsync(person.Email, MailKind.Verification);
        var (action, code) = await SentFlowAsync(person);

        await ExpectRefusalAsync(action, verification, unless: code);

        await ExpectUnchangedAsync(person);
    }

    [Fact]
    public async Task A_code_that_ran_out_is_refused()
    {
        Assert.SkipUnless(Zone.CanExpireCodes, $"The codes of the {Zone.Kind} cannot be made to run out.");
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);
        await Zone.ExpireCodesAsync(Flows.IdOf(action), TestContext.Current.CancellationToken);

        await ExpectRefusalAsync(action, code);

        await ExpectUnchangedAsync(person);
    }

    [Fact]
    public async Task Nobody_learns_whether_an_address_is_known()
    {
        var person = await NewPersonAsync();
        var stranger = KratosFlows.NewEmail();

        var unknown = (await AskAsync(await Kratos.BeginAsync("recovery"), stranger)).Expect(200);
        var known = (await AskAsync(await Kratos.BeginAsync("recovery"), person.Email)).Expect(200);

        Assert.Contains(Sent, KratosFlows.Messages(known.Json));
        Assert.Equal(Flows.WithoutWhatDiffers(known, person.Email), Flows.WithoutWhatDiffers(unknown, stranger));
        // The courier keeps the order, so a mail to the stranger would be there by now.
        await Mail.ReadAsync(person.Email, MailKind.Recovery);
        Assert.Empty(await Mail.ListAsync(stranger, MailKind.Recovery));
    }

    [Fact]
    public async Task Whoever_is_deactivated_recovers_nothing()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);
        await Operator.SetStateAsync(person.Id, "inactive");

        var reply = (await AnswerAsync(action, code)).Expect(401);

        Assert.DoesNotContain("ory_st_", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_is_handed_over_opens_the_account_once_and_proves_no_address()
    {
        var person = await NewPersonAsync();
        var (action, code) = await Operator.CreateRecoveryCodeAsync(person.Id);

        var token = SessionToken((await AnswerAsync(action, code)).Expect(200));
        (await AnswerAsync(action, code)).Expect(400);

        var session = (await Kratos.WhoAmIAsync(token)).Expect(200);
        Assert.Equal(person.Id, session["identity.id"].GetString());
        Assert.False(session["identity.verifiable_addresses"][0].GetProperty("verified").GetBoolean());
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(401);
        Assert.Empty(await Mail.ListAsync(person.Email, MailKind.Recovery));
    }

    [Fact]
    public async Task A_code_that_is_handed_over_is_good_for_five_tries_and_for_nobody_else()
    {
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        var (action, code) = await Operator.CreateRecoveryCodeAsync(person.Id);
        var (theirs, theirCode) = await Operator.CreateRecoveryCodeAsync(other.Id);

        await ExpectRefusalAsync(theirs, code, unless: theirCode);
        for (var i = 0; i < 5; i++)
        {
            await ExpectRefusalAsync(action, Flows.WrongCode(code));
        }

        (await AnswerAsync(action, code)).Expect(400);
        await ExpectUnchangedAsync(person);
        await ExpectUnchangedAsync(other);
    }

    [Fact]
    public async Task Whoever_has_a_session_needs_no_recovery()
    {
        var person = await SharedPersonAsync();

        var reply = (await person.Caller.GetAsync($"{KratosFlows.Root}/self-service/recovery/api")).Expect(400);

        Assert.Equal("session_already_available", reply["error.id"].GetString());
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var action = await Kratos.BeginAsync("recovery");

        Assert.Contains(4000040, KratosFlows.Messages((await AskAsync(action, "ada@")).Expect(400).Json));
        Assert.Contains(4000002, KratosFlows.Messages((await Anonymous.PostAsync(action, new { method = "code" })).Expect(400).Json));
        (await Anonymous.PostAsync(action, new { method = "link", email = KratosFlows.NewEmail() })).Expect(404);
        Assert.Contains(4010005, KratosFlows.Messages(
            (await Anonymous.PostAsync(action, new { method = "magic", email = KratosFlows.NewEmail() })).Expect(400).Json));
        (await Anonymous.PostAsync($"{KratosFlows.Root}/self-service/recovery?flow={Guid.NewGuid()}", new { method = "code" })).Expect(404);
    }

    [Fact]
    public async Task A_browser_must_send_the_token_against_forgery()
    {
        var person = await NewPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("recovery", browser);

        var page = await browser.FollowAsync(await browser.PostFormAsync(flow.Action, ("method", "code"), ("email", person.Email)));

        Assert.Equal(Pages.Error, page.GetLeftPart(UriPartial.Path));
        Assert.Empty(await Mail.ListAsync(person.Email, MailKind.Recovery));
    }

    private Task<Reply> AskAsync(string action, string email) => Anonymous.PostAsync(action, new { method = "code", email });

    private Task<Reply> AnswerAsync(string action, string code) => Anonymous.PostAsync(action, new { method = "code", code });

    private async Task<(string Action, string Code)> SentFlowAsync(Person person, int mails = 1)
    {
        var action = await Kratos.BeginAsync("recovery");
        (await AskAsync(action, person.Email)).Expect(200);
        return (action, (await Mail.ReadAsync(person.Email, MailKind.Recovery, mails)).Code);
    }

    private async Task ExpectRefusalAsync(string action, string code, string? unless = null)
    {
        Assert.SkipWhen(code == unless, "Two codes are the same by chance.");
        var reply = (await AnswerAsync(action, code)).Expect(200);
        Assert.Equal("sent_email", reply["state"].GetString());
        Assert.Contains(Invalid, KratosFlows.Messages(reply.Json));
        Assert.False(reply.Json.TryGetProperty("continue_with", out _));
    }

    private async Task ExpectUnchangedAsync(Person person)
    {
        var session = (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200);
        Assert.False(session["identity.verifiable_addresses"][0].GetProperty("verified").GetBoolean());
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    private static string SessionToken(Reply reply) => reply["continue_with"].EnumerateArray()
        .Single(item => item.GetProperty("action").GetString() == "set_ory_session_token").GetProperty("ory_session_token").GetString()!;
}
