namespace NovaId.Contract.Codes;

/// <summary>A login with a code by e-mail instead of a password.</summary>
public abstract class CodeLoginContract(IZone zone) : ZoneContract(zone)
{
    private const int Sent = 1010014;
    private const int Invalid = 4010008;

    [Fact]
    public async Task An_app_logs_in_with_a_code()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);

        var reply = (await AnswerAsync(action, person.Email, code)).Expect(200);

        var session = (await Kratos.WhoAmIAsync(reply["session_token"].GetString()!)).Expect(200);
        Assert.Equal(person.Id, session["identity.id"].GetString());
        Assert.Equal("code", session["authentication_methods"][0].GetProperty("method").GetString());
        Assert.Equal("aal1", session["authenticator_assurance_level"].GetString());
        Assert.True(session["identity.verifiable_addresses"][0].GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task The_form_keeps_who_asked_and_asks_for_the_code()
    {
        var person = await NewPersonAsync();
        var action = await Kratos.BeginAsync("login");

        var reply = (await AskAsync(action, person.Email)).Expect(400);

        Assert.Equal("sent_email", reply["state"].GetString());
        Assert.Equal("code", reply["active"].GetString());
        Assert.Contains(Sent, KratosFlows.Messages(reply.Json));
        var inputs = reply["ui.nodes"].EnumerateArray().Select(node => node.GetProperty("attributes"))
            .Select(input => $"{input.GetProperty("name").GetString()}:{input.GetProperty("type").GetString()}").Order();
        Assert.Equal(["code:text", "identifier:hidden", "method:hidden", "method:submit", "resend:submit"], inputs);
    }

    [Fact]
    public async Task A_page_logs_in_with_a_code()
    {
        var person = await NewPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("login", browser);

        (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("identifier", person.Email))).Expect(303);
        flow = await KratosFlows.FetchAsync("login", browser, flow.Id);
        var code = await Mail.CodeAsync(person.Email, MailKind.Login);
        (await browser.PostFormAsync(
            flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("identifier", person.Email), ("code", code))).Expect(303);

        Assert.Equal(person.Id, (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200)["identity.id"].GetString());
    }

    [Fact]
    public async Task Only_the_newest_code_counts()
    {
        var person = await NewPersonAsync();
        var (action, first) = await SentFlowAsync(person);
        (await Anonymous.PostAsync(action, new { method = "code", identifier = person.Email, resend = "code" })).Expect(400);
        var second = (await Mail.ReadAsync(person.Email, MailKind.Login, 2)).Code;

        await ExpectRefusalAsync(action, person.Email, first, unless: second);

        (await AnswerAsync(action, person.Email, second)).Expect(200);
    }

    [Fact]
    public async Task After_five_wrong_codes_the_right_one_is_refused_too()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);

        for (var i = 0; i < 5; i++)
        {
            await ExpectRefusalAsync(action, person.Email, Flows.WrongCode(code));
        }

        var reply = (await AnswerAsync(action, person.Email, code)).Expect(400);
        Assert.Contains(4000001, KratosFlows.Messages(reply.Json));
        Assert.False(reply.Json.TryGetProperty("session_token", out _));
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);
        (await AnswerAsync(action, person.Email, code)).Expect(200);

        (await AnswerAsync(action, person.Email, code)).Expect(400);

        await ExpectRefusalAsync((await SentFlowAsync(person, 2)).Action, person.Email, code);
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_flow_alone()
    {
        var person = await NewPersonAsync();
        var (_, code) = await SentFlowAsync(person);
        var (other, newer) = await SentFlowAsync(person, 2);

        await ExpectRefusalAsync(other, person.Email, code, unless: newer);
    }

    [Fact]
    public async Task The_code_of_somebody_else_is_refused()
    {
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        var (mine, myCode) = await SentFlowAsync(person);
        var (theirs, theirCode) = await SentFlowAsync(other);

        await ExpectRefusalAsync(mine, person.Email, theirCode, unless: myCode);
        await ExpectRefusalAsync(theirs, person.Email, theirCode);
    }

    [Fact]
    public async Task A_code_that_ran_out_is_refused()
    {
        Assert.SkipUnless(Zone.CanExpireCodes, $"The codes of the {Zone.Kind} cannot be made to run out.");
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);
        await Zone.ExpireCodesAsync(Flows.IdOf(action), TestContext.Current.CancellationToken);

        var reply = (await AnswerAsync(action, person.Email, code)).Expect(410);

        Assert.Equal("self_service_flow_expired", reply["error.id"].GetString());
    }

    [Fact]
    public async Task An_address_that_nobody_has_gets_no_code()
    {
        var stranger = KratosFlows.NewEmail();

        var reply = (await AskAsync(await Kratos.BeginAsync("login"), stranger)).Expect(400);

        Assert.Contains(4000035, KratosFlows.Messages(reply.Json));
        Assert.Equal("choose_method", reply["state"].GetString());
    }

    [Fact]
    public async Task Whoever_is_deactivated_gets_no_session()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person);
        await Operator.SetStateAsync(person.Id, "inactive");

        var reply = (await AnswerAsync(action, person.Email, code)).Expect(401);

        Assert.DoesNotContain("ory_st_", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var person = await SharedPersonAsync();
        var action = await Kratos.BeginAsync("login");

        Assert.Contains(4000002, KratosFlows.Messages((await Anonymous.PostAsync(action, new { method = "code" })).Expect(400).Json));
        (await Anonymous.PostAsync(action, new { method = "code", identifier = person.Email, resend = "all" })).Expect(400);
        (await Anonymous.With("Origin", Zone.Gateway.GetLeftPart(UriPartial.Authority)).PostAsync(action, new { method = "code", identifier = person.Email })).Expect(400);
        Assert.Empty(await Mail.ListAsync(person.Email, MailKind.Login));
    }

    private Task<Reply> AskAsync(string action, string identifier) => Anonymous.PostAsync(action, new { method = "code", identifier });

    private Task<Reply> AnswerAsync(string action, string identifier, string code) =>
        Anonymous.PostAsync(action, new { method = "code", identifier, code });

    private async Task<(string Action, string Code)> SentFlowAsync(Person person, int mails = 1)
    {
        var action = await Kratos.BeginAsync("login");
        (await AskAsync(action, person.Email)).Expect(400);
        return (action, (await Mail.ReadAsync(person.Email, MailKind.Login, mails)).Code);
    }

    private async Task ExpectRefusalAsync(string action, string identifier, string code, string? unless = null)
    {
        Assert.SkipWhen(code == unless, "Two codes are the same by chance.");
        var reply = (await AnswerAsync(action, identifier, code)).Expect(400);
        Assert.Equal("sent_email", reply["state"].GetString());
        Assert.Contains(Invalid, KratosFlows.Messages(reply.Json));
    }
}
