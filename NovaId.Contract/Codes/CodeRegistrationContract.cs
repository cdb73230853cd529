namespace NovaId.Contract.Codes;

/// <summary>A registration with a code by e-mail instead of a password.</summary>
public abstract class CodeRegistrationContract(IZone zone) : ZoneContract(zone)
{
    private const int Sent = 1040005;
    private const int Invalid = 4040003;

    [Fact]
    public async Task An_app_registers_with_a_code_and_the_address_is_verified_at_once()
    {
        var traits = new { email = KratosFlows.NewEmail(), name = new { first = "Ada" } };
        var action = await Kratos.BeginAsync("registration");

        var asked = (await Anonymous.PostAsync(action, new { method = "code", traits })).Expect(400);
        Assert.Equal("sent_email", asked["state"].GetString());
        Assert.Contains(Sent, KratosFlows.Messages(asked.Json));
        var code = await Mail.CodeAsync(traits.email, MailKind.Registration);
        var reply = (await Anonymous.PostAsync(action, new { method = "code", traits, code })).Expect(200);

        Operator.Remember(reply["identity.id"].GetString()!);
        var session = (await Kratos.WhoAmIAsync(reply["session_token"].GetString()!)).Expect(200);
        Assert.Equal(traits.email, session["identity.traits.email"].GetString());
        Assert.Equal("Ada", session["identity.traits.name.first"].GetString());
        Assert.True(session["identity.verifiable_addresses"][0].GetProperty("verified").GetBoolean());
        Assert.Equal("code", session["authentication_methods"][0].GetProperty("method").GetString());
    }

    [Fact]
    public async Task A_page_registers_with_a_code()
    {
        var email = KratosFlows.NewEmail();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("registration", browser);

        (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("traits.email", email))).Expect(303);
        flow = await KratosFlows.FetchAsync("registration", browser, flow.Id);
        var code = await Mail.CodeAsync(email, MailKind.Registration);
        (await browser.PostFormAsync(
            flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("traits.email", email), ("code", code))).Expect(303);

        var session = (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200);
        Operator.Remember(session["identity.id"].GetString()!);
        Assert.Equal(email, session["identity.traits.email"].GetString());
    }

    [Fact]
    public async Task Whoever_registers_with_a_code_logs_in_with_one()
    {
        var traits = new { email = KratosFlows.NewEmail() };
        var (action, code) = await SentFlowAsync(traits.email);
        Operator.Remember((await Anonymous.PostAsync(action, new { method = "code", traits, code })).Expect(200)["identity.id"].GetString()!);

        var login = await Kratos.BeginAsync("login");
        (await Anonymous.PostAsync(login, new { method = "code", identifier = traits.email })).Expect(400);
        var second = await Mail.CodeAsync(traits.email, MailKind.Login);

        (await Anonymous.PostAsync(login, new { method = "code", identifier = traits.email, code = second })).Expect(200);
    }

    [Fact]
    public async Task After_five_wrong_codes_the_right_one_is_refused_too()
    {
        var traits = new { email = KratosFlows.NewEmail() };
        var (action, code) = await SentFlowAsync(traits.email);

        for (var i = 0; i < 5; i++)
        {
            var wrong = (await Anonymous.PostAsync(action, new { method = "code", traits, code = Flows.WrongCode(code) })).Expect(400);
            Assert.Contains(Invalid, KratosFlows.Messages(wrong.Json));
        }

        var reply = (await Anonymous.PostAsync(action, new { method = "code", traits, code })).Expect(400);
        Assert.Contains(4000001, KratosFlows.Messages(reply.Json));
        await ExpectNobodyAsync(traits.email);
    }

    [Fact]
    public async Task A_code_that_ran_out_is_refused()
    {
        Assert.SkipUnless(Zone.CanExpireCodes, $"The codes of the {Zone.Kind} cannot be made to run out.");
        var traits = new { email = KratosFlows.NewEmail() };
        var (action, code) = await SentFlowAsync(traits.email);
        await Zone.ExpireCodesAsync(Flows.IdOf(action), TestContext.Current.CancellationToken);

        (await Anonymous.PostAsync(action, new { method = "code", traits, code })).Expect(410);

        await ExpectNobodyAsync(traits.email);
    }

    [Fact]
    public async Task The_address_of_the_code_cannot_be_exchanged_for_another()
    {
        var (action, code) = await SentFlowAsync(KratosFlows.NewEmail());
        var traits = new { email = KratosFlows.NewEmail() };

        var reply = (await Anonymous.PostAsync(action, new { method = "code", traits, code })).Expect(400);

        Assert.Contains(4000036, KratosFlows.Messages(reply.Json));
        await ExpectNobodyAsync(traits.email);
    }

    [Fact]
    public async Task The_code_of_somebody_else_is_refused()
    {
        var traits = new { email = KratosFlows.NewEmail() };
        var (action, mine) = await SentFlowAsync(traits.email);
        var (_, theirs) = await SentFlowAsync(KratosFlows.NewEmail());
        Assert.SkipWhen(mine == theirs, "Two codes are the same by chance.");

        var reply = (await Anonymous.PostAsync(action, new { method = "code", traits, code = theirs })).Expect(400);

        Assert.Contains(Invalid, KratosFlows.Messages(reply.Json));
        await ExpectNobodyAsync(traits.email);
    }

    [Fact]
    public async Task An_address_is_registered_once()
    {
        var person = await NewPersonAsync();
        var (action, code) = await SentFlowAsync(person.Email);

        var reply = (await Anonymous.PostAsync(action, new { method = "code", traits = new { email = person.Email }, code })).Expect(400);

        Assert.Contains(4000007, KratosFlows.Messages(reply.Json));
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var action = await Kratos.BeginAsync("registration");

        Assert.Contains(4000002, KratosFlows.Messages((await Anonymous.PostAsync(action, new { method = "code" })).Expect(400).Json));
        (await Anonymous.PostAsync(action, new { method = "code", traits = new { email = "ada@" } })).Expect(400);
        (await Anonymous.PostAsync(action, new { method = "code", traits = new { email = KratosFlows.NewEmail(), rank = "General" } })).Expect(400);
    }

    private async Task<(string Action, string Code)> SentFlowAsync(string email)
    {
        var action = await Kratos.BeginAsync("registration");
        (await Anonymous.PostAsync(action, new { method = "code", traits = new { email } })).Expect(400);
        return (action, await Mail.CodeAsync(email, MailKind.Registration));
    }

    private async Task ExpectNobodyAsync(string email)
    {
        var list = (await (await Operator.CallerAsync()).GetAsync($"/svc/kratos/admin/identities?credentials_identifier={email}")).Expect(200);
        Assert.Empty(list.Json.EnumerateArray());
    }
}
