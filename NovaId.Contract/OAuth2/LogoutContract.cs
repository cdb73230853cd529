using System.Diagnostics;

namespace NovaId.Contract.OAuth2;

/// <summary>Logout at Hydra (OpenID Connect RP-Initiated Logout): the logout page decides, and the session at Kratos ends with it.</summary>
public abstract class LogoutContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_logout_asks_the_page_first_and_ends_the_login_and_the_session_at_Kratos()
    {
        var (browser, person, _) = await LogInAsync();

        var page = await browser.FollowAsync("/oauth2/sessions/logout");
        Assert.Equal(Pages.Of("logout"), page.GetLeftPart(UriPartial.Path));
        var challenge = Browser.Query(page, "logout_challenge");
        var request = (await Operator.GetLogoutAsync(challenge)).Expect(200);
        Assert.Equal(person.Id, request["subject"].GetString());
        Assert.False(request["rp_initiated"].GetBoolean());
        (await person.Caller.GetAsync(KratosFlows.WhoAmI)).Expect(200);

        await browser.FollowAsync(await Operator.AcceptLogoutAsync(challenge));

        await EndedAsync(person);
        Assert.Equal(Pages.Of(""), (await browser.FollowAsync("/oauth2/sessions/logout")).GetLeftPart(UriPartial.Path));
    }

    [Fact]
    public async Task An_application_asks_for_a_logout_with_its_ID_token()
    {
        var (browser, person, tokens) = await LogInAsync();

        var page = await browser.FollowAsync($"/oauth2/sessions/logout?id_token_hint={tokens.Id}");
        var challenge = Browser.Query(page, "logout_challenge");
        Assert.True((await Operator.GetLogoutAsync(challenge)).Expect(200)["rp_initiated"].GetBoolean());
        await browser.FollowAsync(await Operator.AcceptLogoutAsync(challenge));

        await EndedAsync(person);
    }

    [Fact]
    public async Task A_logout_that_is_refused_ends_nothing()
    {
        var (browser, person, _) = await LogInAsync();
        var challenge = Browser.Query(await browser.FollowAsync("/oauth2/sessions/logout"), "logout_challenge");

        await Operator.RejectLogoutAsync(challenge);

        (await Operator.GetLogoutAsync(challenge)).Expect(404);
        (await person.Caller.GetAsync(KratosFlows.WhoAmI)).Expect(200);
        Assert.Equal(Pages.Of("logout"), (await browser.FollowAsync("/oauth2/sessions/logout")).GetLeftPart(UriPartial.Path));
    }

    [Fact]
    public async Task A_browser_without_a_login_is_sent_on() =>
        Assert.Equal(Pages.Of(""), (await NewBrowser().FollowAsync("/oauth2/sessions/logout")).GetLeftPart(UriPartial.Path));

    [Fact]
    public async Task A_return_address_without_an_ID_token_is_refused()
    {
        var page = await NewBrowser().FollowAsync("/oauth2/sessions/logout?post_logout_redirect_uri=http%3A%2F%2Fevil.test%2F");

        Assert.Equal("invalid_request", Browser.Query(page, "error"));
    }

    /// <summary>A person whose browser Hydra remembers, by a login that came from a session at Kratos.</summary>
    private async Task<(Browser Browser, Person Person, Tokens Tokens)> LogInAsync()
    {
        var (client, person, browser) = (await Operator.CreateClientAsync(), await NewPersonAsync(), NewBrowser());
        var flow = NewFlow(client, browser);
        var challenge = Browser.Query(await flow.BeginAsync(), "login_challenge");
        var consentPage = await browser.FollowAsync(await Operator.RememberLoginAsync(challenge, person.Id, person.Session.Id));
        return (browser, person, await flow.RedeemAsync(await flow.ConsentAsync(consentPage)));
    }

    /// <summary>Hydra tells Kratos after it has answered, so that takes a moment.</summary>
    private static async Task EndedAsync(Person person)
    {
        var clock = Stopwatch.StartNew();
        Reply reply;
        do
        {
            reply = await person.Caller.GetAsync(KratosFlows.WhoAmI);
        }
        while (reply.Status == 200 && clock.Elapsed < TimeSpan.FromSeconds(30));

        reply.Expect(401);
    }
}
