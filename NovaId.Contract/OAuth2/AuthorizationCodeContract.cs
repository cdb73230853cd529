using System.Web;

namespace NovaId.Contract.OAuth2;

/// <summary>The authorization code grant with PKCE (RFC 6749, section 4.1; RFC 7636) and the pages for login and consent.</summary>
public abstract class AuthorizationCodeContract(IZone zone) : ZoneContract(zone)
{
    private const string Requests = "/svc/hydra/admin/oauth2/auth/requests";

    [Fact]
    public async Task A_person_lets_an_app_act_for_them()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());

        var tokens = await AuthorizeAsync(client, person);

        var token = await Operator.IntrospectAsync(tokens.Access);
        Assert.True(token["active"].GetBoolean());
        Assert.Equal(person.Id, token["sub"].GetString());
        Assert.Equal(client.Id, token["client_id"].GetString());
        Assert.Equal(["novaid-api"], token.Strings("aud"));
        Assert.StartsWith("ory_rt_", tokens.Refresh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_login_page_is_that_of_Kratos()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var loginPage = await flow.BeginAsync();

        // The page hands the challenge on to Kratos, which asks for the password and answers Hydra itself.
        var login = await KratosFlows.BeginAsync("login", flow.Browser, $"?login_challenge={Browser.Query(loginPage, "login_challenge")}");
        var done = await KratosFlows.SubmitLoginAsync(flow.Browser, login, person.Email, person.Password);
        var callback = await flow.ConsentAsync(await flow.Browser.FollowAsync(done));

        var tokens = await flow.RedeemAsync(callback);
        Assert.Equal(person.Id, (await Operator.IntrospectAsync(tokens.Access))["sub"].GetString());
    }

    [Fact]
    public async Task A_wrong_password_on_the_login_page_gives_no_code()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var loginPage = await flow.BeginAsync();
        var login = await KratosFlows.BeginAsync("login", flow.Browser, $"?login_challenge={Browser.Query(loginPage, "login_challenge")}");

        var back = (await KratosFlows.SubmitLoginAsync(flow.Browser, login, person.Email, KratosFlows.NewPassword())).Expect(303);

        Assert.Equal(Pages.Login, back.Location.GetLeftPart(UriPartial.Path));
    }

    [Fact]
    public async Task A_session_of_Kratos_alone_does_not_answer_an_app()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, person);
        var loginPage = await NewFlow(client, browser).BeginAsync();

        var login = await KratosFlows.BeginAsync("login", browser, $"?login_challenge={Browser.Query(loginPage, "login_challenge")}");

        Assert.True(login.Json.GetProperty("refresh").GetBoolean());
    }

    [Fact]
    public async Task A_browser_that_logged_in_for_one_app_is_not_asked_again_for_the_next()
    {
        var (client, other, person) = (await Operator.CreateClientAsync(), await Operator.CreateClientAsync(), await SharedPersonAsync());
        var browser = NewBrowser();
        var loginPage = await NewFlow(client, browser).BeginAsync();
        var login = await KratosFlows.BeginAsync("login", browser, $"?login_challenge={Browser.Query(loginPage, "login_challenge")}");
        await browser.FollowAsync(await KratosFlows.SubmitLoginAsync(browser, login, person.Email, person.Password));

        var flow = NewFlow(other, browser);
        loginPage = await flow.BeginAsync();
        var consentPage = await browser.FollowAsync(
            $"{KratosFlows.Root}/self-service/login/browser?login_challenge={Browser.Query(loginPage, "login_challenge")}");

        var tokens = await flow.RedeemAsync(await flow.ConsentAsync(consentPage));
        Assert.Equal(person.Id, (await Operator.IntrospectAsync(tokens.Access))["sub"].GetString());
    }

    [Fact]
    public async Task The_pages_learn_what_the_app_asks_for()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var service = await Operator.CallerAsync();
        var loginPage = await flow.BeginAsync();
        var login = await service.GetAsync($"{Requests}/login{loginPage.Query}");
        Assert.Equal(client.Id, login.Expect(200)["client.client_id"].GetString());
        Assert.False(login["skip"].GetBoolean());

        var consentPage = await flow.LoginAsync(loginPage, person.Id);
        var consent = await service.GetAsync($"{Requests}/consent{consentPage.Query}");

        Assert.Equal(person.Id, consent.Expect(200)["subject"].GetString());
        Assert.Equal(["openid", "offline_access", "novaid.read", "novaid.write"], consent.Strings("requested_scope"));
    }

    [Fact]
    public async Task A_person_grants_less_than_was_asked_for()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());

        var tokens = await AuthorizeAsync(client, person, "novaid.read");

        Assert.Equal("novaid.read", (await Operator.IntrospectAsync(tokens.Access))["scope"].GetString());
        Assert.Null(tokens.Refresh);
        Assert.Null(tokens.Id);
    }

    [Fact]
    public async Task A_person_who_does_not_log_in_is_sent_back_without_a_code()
    {
        var flow = NewFlow(await Operator.CreateClientAsync());
        var loginPage = await flow.BeginAsync();

        var callback = await flow.Browser.FollowAsync(await Operator.RejectLoginAsync(Browser.Query(loginPage, "login_challenge")));

        Refused("access_denied", flow, callback);
    }

    [Fact]
    public async Task A_person_who_does_not_consent_is_sent_back_without_a_code()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var consentPage = await flow.LoginAsync(await flow.BeginAsync(), person.Id);

        var callback = await flow.Browser.FollowAsync(await Operator.RejectConsentAsync(Browser.Query(consentPage, "consent_challenge")));

        Refused("access_denied", flow, callback);
    }

    [Fact]
    public async Task Another_browser_cannot_finish_the_flow()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var next = await Operator.AcceptLoginAsync(Browser.Query(await flow.BeginAsync(), "login_challenge"), person.Id);

        var end = await NewBrowser().FollowAsync(next);

        Assert.NotEqual(Pages.Of("consent"), end.GetLeftPart(UriPartial.Path));
        Assert.Null(HttpUtility.ParseQueryString(end.Query)["code"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_app_without_PKCE_gets_no_code(bool isPublic)
    {
        var client = isPublic ? await Operator.CreatePublicClientAsync() : await Operator.CreateClientAsync();
        var flow = NewFlow(client);
        flow.Parameters.Remove("code_challenge");
        flow.Parameters.Remove("code_challenge_method");

        Refused("invalid_request", flow, await EndAsync(flow));
    }

    [Fact]
    public async Task An_app_with_a_plain_challenge_gets_no_code()
    {
        var flow = NewFlow(await Operator.CreateClientAsync());
        flow.Parameters["code_challenge"] = flow.Verifier;
        flow.Parameters["code_challenge_method"] = "plain";

        Refused("invalid_request", flow, await EndAsync(flow));
    }

    [Fact]
    public async Task An_app_without_a_secret_redeems_its_code_by_PKCE()
    {
        var (client, person) = (await Operator.CreatePublicClientAsync(), await SharedPersonAsync());

        var tokens = await AuthorizeAsync(client, person);

        Assert.Equal(person.Id, (await Operator.IntrospectAsync(tokens.Access))["sub"].GetString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:3000/other")]
    [InlineData("https://evil.test/callback")]
    [InlineData("http://127.0.0.1:3000/callback/")]
    [InlineData("http://127.0.0.1:3000/callback?x=1")]
    public async Task A_code_goes_only_to_an_address_that_the_app_registered(string redirectUri)
    {
        var flow = NewFlow(await Operator.CreateClientAsync());
        flow.Parameters["redirect_uri"] = redirectUri;

        ShownOnErrorPage("invalid_request", await flow.BeginAsync());
    }

    [Fact]
    public async Task An_unknown_app_is_shown_an_error()
    {
        var flow = NewFlow(new($"contract-{Guid.NewGuid()}", null));

        ShownOnErrorPage("invalid_client", await flow.BeginAsync());
    }

    [Fact]
    public async Task A_state_that_can_be_guessed_is_refused()
    {
        var flow = NewFlow(await Operator.CreateClientAsync());
        flow.Parameters["state"] = "short";

        Refused("invalid_state", flow, await flow.BeginAsync());
    }

    [Fact]
    public async Task A_scope_that_the_app_does_not_have_is_refused()
    {
        var flow = NewFlow(await Operator.CreateClientAsync(scope: "openid novaid.read"));
        flow.Parameters["scope"] = "openid novaid.write";

        Refused("invalid_scope", flow, await flow.BeginAsync());
    }

    [Fact]
    public async Task An_audience_that_the_app_does_not_have_is_refused()
    {
        var flow = NewFlow(await Operator.CreateClientAsync());
        flow.Parameters["audience"] = "novaid-gateway";

        Refused("invalid_request", flow, await flow.BeginAsync());
    }

    [Fact]
    public async Task A_token_is_never_handed_out_by_the_authorization_endpoint()
    {
        var flow = NewFlow(await Operator.CreateClientAsync());
        flow.Parameters["response_type"] = "token";

        var end = await flow.BeginAsync();

        Assert.Equal(OAuth2Client.RedirectUri, end.GetLeftPart(UriPartial.Path));
        Assert.DoesNotContain("access_token", end.OriginalString, StringComparison.Ordinal);
        Assert.Contains("unsupported_response_type", end.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_login_an_app_that_forbids_pages_gets_no_code()
    {
        var flow = NewFlow(await Operator.CreateClientAsync());
        flow.Parameters["prompt"] = "none";

        Refused("login_required", flow, await flow.BeginAsync());
    }

    [Theory]
    [InlineData("another")]
    [InlineData("")]
    public async Task A_code_is_worth_nothing_without_its_verifier(string verifier)
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var code = flow.Code(await flow.GrantAsync(person.Id));

        var reply = await flow.ExchangeAsync(code, verifier.Length > 0 ? OAuth2Flows.NewVerifier() : "");

        Assert.Equal("invalid_grant", reply.Expect(400)["error"].GetString());
    }

    [Fact]
    public async Task A_code_is_redeemed_with_the_address_it_was_sent_to()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var code = flow.Code(await flow.GrantAsync(person.Id));

        var reply = await flow.ExchangeAsync(code, redirectUri: "http://127.0.0.1:3000/other");

        Assert.Equal("invalid_grant", reply.Expect(400)["error"].GetString());
    }

    [Fact]
    public async Task A_code_is_good_once_and_a_second_use_ends_its_tokens()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var code = flow.Code(await flow.GrantAsync(person.Id));
        var tokens = OAuth2Flows.Tokens(await flow.ExchangeAsync(code));

        var reply = await flow.ExchangeAsync(code);

        Assert.Equal("invalid_grant", reply.Expect(400)["error"].GetString());
        Assert.False((await Operator.IntrospectAsync(tokens.Access))["active"].GetBoolean());
        Assert.False((await Operator.IntrospectAsync(tokens.Refresh!))["active"].GetBoolean());
    }

    [Fact]
    public async Task A_code_is_redeemed_by_the_app_it_was_made_for()
    {
        var (client, other, person) = (await Operator.CreateClientAsync(), await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var code = flow.Code(await flow.GrantAsync(person.Id));

        var reply = await OAuth2.TokenAsync(
            other,
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", OAuth2Client.RedirectUri),
            ("code_verifier", flow.Verifier));

        Assert.Equal("invalid_grant", reply.Expect(400)["error"].GetString());
    }

    [Fact]
    public async Task A_code_needs_the_secret_of_the_app()
    {
        var (client, person) = (await Operator.CreateClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        var code = flow.Code(await flow.GrantAsync(person.Id));

        var reply = await OAuth2.TokenAsync(
            client with { Secret = "wrong" },
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", OAuth2Client.RedirectUri),
            ("code_verifier", flow.Verifier));

        Assert.Equal("invalid_client", reply.Expect(401)["error"].GetString());
    }

    /// <summary>Goes on as far as the zone lets it: some errors are told at the start, some after the consent.</summary>
    private async Task<Uri> EndAsync(AuthorizationFlow flow)
    {
        var end = await flow.BeginAsync();
        return end.GetLeftPart(UriPartial.Path) == Pages.Login ? await flow.ConsentAsync(await flow.LoginAsync(end, (await SharedPersonAsync()).Id)) : end;
    }

    private static void Refused(string error, AuthorizationFlow flow, Uri callback)
    {
        Assert.Equal(OAuth2Client.RedirectUri, callback.GetLeftPart(UriPartial.Path));
        Assert.Equal(error, Browser.Query(callback, "error"));
        Assert.Equal(flow.Parameters["state"], Browser.Query(callback, "state"));
        Assert.Null(HttpUtility.ParseQueryString(callback.Query)["code"]);
    }

    private void ShownOnErrorPage(string error, Uri page)
    {
        Assert.Equal(Pages.Error, page.GetLeftPart(UriPartial.Path));
        Assert.Equal(error, Browser.Query(page, "error"));
    }
}
