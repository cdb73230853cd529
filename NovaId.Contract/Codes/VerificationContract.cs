using System.Text.RegularExpressions;

namespace NovaId.Contract.Codes;

/// <summary>Verification: an address is its owner's when they have read a mail to it.</summary>
public abstract partial class VerificationContract(IZone zone) : ZoneContract(zone)
{
    private const int Sent = 1080003;
    private const int Done = 1080002;
    private const int Invalid = 4070006;

    [Fact]
    public async Task Whoever_registers_is_mailed_a_code_that_verifies_the_address()
    {
        var person = await NewPersonAsync();
        Assert.False(await IsVerifiedAsync(person));

        var mail = await Mail.ReadAsync(person.Email, MailKind.Verification);
        var reply = (await Anonymous.PostAsync(Link(mail).Action, new { method = "code", code = mail.Code })).Expect(200);

        Assert.Equal("passed_challenge", reply["state"].GetString());
        Assert.Contains(Done, KratosFlows.Messages(reply.Json));
        Assert.True(await IsVerifiedAsync(person));
        Assert.Equal("completed", (await Kratos.WhoAmIAsync(person.Session.Token))["identity.verifiable_addresses"][0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_app_asks_for_a_code_and_only_the_newest_counts()
    {
        var person = await NewPersonAsync();
        await Mail.ReadAsync(person.Email, MailKind.Verification);
        var action = await Kratos.BeginAsync("verification");

        var sent = (await AskAsync(action, person.Email)).Expect(200);
        Assert.Equal("sent_email", sent["state"].GetString());
        Assert.Contains(Sent, KratosFlows.Messages(sent.Json));
        var first = await Mail.ReadAsync(person.Email, MailKind.Verification, 2);
        (await AskAsync(action, person.Email)).Expect(200);
        var second = await Mail.ReadAsync(person.Email, MailKind.Verification, 3);

        await ExpectRefusalAsync(action, first.Code, unless: second.Code);
        Assert.False(await IsVerifiedAsync(person));
        Assert.Equal("passed_challenge", (await AnswerAsync(action, second.Code)).Expect(200)["state"].GetString());
        Assert.True(await IsVerifiedAsync(person));
    }

    [Fact]
    public async Task A_page_verifies_by_form_and_leads_on()
    {
        var person = await NewPersonAsync();
        await Mail.ReadAsync(person.Email, MailKind.Verification);
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("verification", browser);

        (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("email", person.Email))).Expect(303);
        var code = (await Mail.ReadAsync(person.Email, MailKind.Verification, 2)).Code;
        (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("code", code))).Expect(303);

        var done = (await browser.GetAsync($"{KratosFlows.Root}/self-service/verification/flows?id={flow.Id}")).Expect(200);
        Assert.Equal("passed_challenge", done["state"].GetString());
        var next = done["ui.nodes"].EnumerateArray().Single(node => node.GetProperty("type").GetString() == "a");
        Assert.Equal(done["ui.action"].GetString(), next.GetProperty("attributes").GetProperty("href").GetString());
        Assert.True(await IsVerifiedAsync(person));
    }

    [Fact]
    public async Task The_link_of_the_mail_fills_in_the_code_and_decides_nothing()
    {
        var person = await NewPersonAsync();
        var mail = await Mail.ReadAsync(person.Email, MailKind.Verification);
        var browser = NewBrowser();

        var page = await browser.FollowAsync(Link(mail).Target);

        Assert.Equal(Pages.Of("verification"), page.GetLeftPart(UriPartial.Path));
        Assert.False(await IsVerifiedAsync(person));
        var flow = await KratosFlows.FetchAsync("verification", browser, Browser.Query(page, "flow"));
        var code = flow.Json.GetProperty("ui").GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("attributes"))
            .Single(attributes => attributes.TryGetProperty("name", out var name) && name.GetString() == "code").GetProperty("value").GetString()!;
        Assert.Equal(mail.Code, code);
        (await browser.PostFormAsync(flow.Action, ("method", "code"), ("csrf_token", flow.CsrfToken), ("code", code))).Expect(303);
        Assert.True(await IsVerifiedAsync(person));
    }

    [Fact]
    public async Task A_changed_address_is_verified_anew()
    {
        var person = await NewPersonAsync();
        var first = await Mail.ReadAsync(person.Email, MailKind.Verification);
        (await Anonymous.PostAsync(Link(first).Action, new { method = "code", code = first.Code })).Expect(200);
        var address = KratosFlows.NewEmail();

        var action = await Kratos.BeginAsync("settings", person.Caller);
        (await person.Caller.PostAsync(action, new { method = "profile", traits = new { email = address } })).Expect(200);

        Assert.False(await IsVerifiedAsync(person));
        var mail = await Mail.ReadAsync(address, MailKind.Verification);
        (await Anonymous.PostAsync(Link(mail).Action, new { method = "code", code = mail.Code })).Expect(200);
        Assert.True(await IsVerifiedAsync(person));
    }

    [Fact]
    public async Task After_five_wrong_codes_the_right_one_is_refused_too()
    {
        var person = await NewPersonAsync();
        var mail = await Mail.ReadAsync(person.Email, MailKind.Verification);
        var action = Link(mail).Action;

        for (var i = 0; i < 5; i++)
        {
            await ExpectRefusalAsync(action, WrongCode(mail.Code), unless: mail.Code);
        }

        var reply = (await AnswerAsync(action, mail.Code)).Expect(410);
        Assert.Equal("self_service_flow_replaced", reply["error.id"].GetString());
        Assert.False(await IsVerifiedAsync(person));
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var person = await NewPersonAsync();
        var mail = await Mail.ReadAsync(person.Email, MailKind.Verification);
        (await AnswerAsync(Link(mail).Action, mail.Code)).Expect(200);

        (await AnswerAsync(Link(mail).Action, mail.Code)).Expect(410);

        await ExpectRefusalAsync(await SentFlowAsync(person, 2), mail.Code);
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_flow_alone()
    {
        var person = await NewPersonAsync();
        var mail = await Mail.ReadAsync(person.Email, MailKind.Verification);
        var other = await SentFlowAsync(person, 2);
        var code = (await Mail.ReadAsync(person.Email, MailKind.Verification, 2)).Code;

        await ExpectRefusalAsync(other, mail.Code, unless: code);

        Assert.False(await IsVerifiedAsync(person));
    }

    [Fact]
    public async Task The_code_of_somebody_else_is_refused()
    {
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());
        var (mine, theirs) = (await Mail.ReadAsync(person.Email, MailKind.Verification), await Mail.ReadAsync(other.Email, MailKind.Verification));

        await ExpectRefusalAsync(Link(mine).Action, theirs.Code, unless: mine.Code);

        Assert.False(await IsVerifiedAsync(person));
        Assert.False(await IsVerifiedAsync(other));
    }

    [Fact]
    public async Task A_code_that_ran_out_is_refused()
    {
        Assert.SkipUnless(Zone.CanExpireCodes, $"The codes of the {Zone.Kind} cannot be made to run out.");
        var person = await NewPersonAsync();
        var mail = await Mail.ReadAsync(person.Email, MailKind.Verification);
        await Zone.ExpireCodesAsync(Link(mail).Flow, TestContext.Current.CancellationToken);

        var reply = (await AnswerAsync(Link(mail).Action, mail.Code)).Expect(410);

        Assert.Equal("self_service_flow_expired", reply["error.id"].GetString());
        Assert.False(await IsVerifiedAsync(person));
    }

    [Fact]
    public async Task Nobody_learns_whether_an_address_is_known()
    {
        var person = await NewPersonAsync();
        await Mail.ReadAsync(person.Email, MailKind.Verification);
        var stranger = KratosFlows.NewEmail();

        var unknown = (await AskAsync(await Kratos.BeginAsync("verification"), stranger)).Expect(200);
        var known = (await AskAsync(await Kratos.BeginAsync("verification"), person.Email)).Expect(200);

        Assert.Equal(Flows.WithoutWhatDiffers(known, person.Email), Flows.WithoutWhatDiffers(unknown, stranger));
        // The courier keeps the order, so a mail to the stranger would be there by now.
        await Mail.ReadAsync(person.Email, MailKind.Verification, 2);
        Assert.Empty(await Mail.ListAsync(stranger, MailKind.Verification));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var action = await Kratos.BeginAsync("verification");

        Assert.Contains(4000040, KratosFlows.Messages((await AskAsync(action, "ada@")).Expect(400).Json));
        Assert.Contains(4000002, KratosFlows.Messages((await Anonymous.PostAsync(action, new { method = "code" })).Expect(400).Json));
        (await Anonymous.PostAsync(action, new { method = "magic", email = KratosFlows.NewEmail() })).Expect(400);
        (await Anonymous.PostAsync($"{KratosFlows.Root}/self-service/verification?flow={Guid.NewGuid()}", new { method = "code" })).Expect(404);
    }

    [Fact]
    public async Task A_browser_must_send_the_token_against_forgery()
    {
        var person = await NewPersonAsync();
        await Mail.ReadAsync(person.Email, MailKind.Verification);
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("verification", browser);

        await browser.PostFormAsync(flow.Action, ("method", "code"), ("email", person.Email));

        var after = (await browser.GetAsync($"{KratosFlows.Root}/self-service/verification/flows?id={flow.Id}")).Expect(200);
        Assert.Equal("choose_method", after["state"].GetString());
    }

    private static string WrongCode(string code) => Flows.WrongCode(code);

    private Task<Reply> AskAsync(string action, string email) => Anonymous.PostAsync(action, new { method = "code", email });

    private Task<Reply> AnswerAsync(string action, string code) => Anonymous.PostAsync(action, new { method = "code", code });

    private async Task<string> SentFlowAsync(Person person, int mails)
    {
        var action = await Kratos.BeginAsync("verification");
        (await AskAsync(action, person.Email)).Expect(200);
        await Mail.ReadAsync(person.Email, MailKind.Verification, mails);
        return action;
    }

    private async Task ExpectRefusalAsync(string action, string code, string? unless = null)
    {
        Assert.SkipWhen(code == unless, "Two codes are the same by chance.");
        var reply = (await AnswerAsync(action, code)).Expect(200);
        Assert.Equal("sent_email", reply["state"].GetString());
        Assert.Contains(Invalid, KratosFlows.Messages(reply.Json));
    }

    private async Task<bool> IsVerifiedAsync(Person person) =>
        (await Kratos.WhoAmIAsync(person.Session.Token)).Expect(200)["identity.verifiable_addresses"][0].GetProperty("verified").GetBoolean();

    private static (string Target, string Action, string Flow) Link(ReceivedMail mail)
    {
        var target = new Uri(Address().Match(mail.Text).Value);
        var flow = Browser.Query(target, "flow");
        return (target.PathAndQuery, $"{KratosFlows.Root}/self-service/verification?flow={flow}", flow);
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Address();
}
