namespace NovaId.Contract.OAuth2;

/// <summary>Device authorization (RFC 8628): a device without a browser, and a person who agrees on another machine.</summary>
public abstract class DeviceAuthorizationContract(IZone zone) : ZoneContract(zone)
{
    private static readonly (string Name, string Value)[] Asked =
        [("scope", "openid offline_access novaid.read"), ("audience", "novaid-api")];

    [Fact]
    public async Task A_device_is_given_a_code_for_itself_and_one_for_a_person()
    {
        var client = await Operator.CreateDeviceClientAsync();

        var reply = (await OAuth2.DeviceAsync(client, Asked)).Expect(200);

        Assert.StartsWith("ory_dc_", reply["device_code"].GetString(), StringComparison.Ordinal);
        Assert.Matches("^[0-9A-Za-z]{8}$", reply["user_code"].GetString());
        Assert.Equal(
            $"{Zone.Gateway.GetLeftPart(UriPartial.Authority)}/oauth2/device/verify", reply["verification_uri"].GetString());
        Assert.Equal(
            $"{reply["verification_uri"].GetString()}?user_code={reply["user_code"].GetString()}",
            reply["verification_uri_complete"].GetString());
        Assert.InRange(reply["expires_in"].GetInt32(), 580, 601);
        Assert.Equal(5, reply["interval"].GetInt32());
        Assert.Contains("no-store", reply.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_waits_until_a_person_has_agreed()
    {
        var client = await Operator.CreateDeviceClientAsync();
        var device = (await OAuth2.DeviceAsync(client, Asked)).Expect(200)["device_code"].GetString()!;

        // Hydra v26.2.0 never answers slow_down, however often it is asked.
        for (var poll = 0; poll < 3; poll++)
        {
            Error(400, "authorization_pending", await OAuth2.PollAsync(client, device));
        }
    }

    [Fact]
    public async Task A_device_gets_the_tokens_that_a_person_has_agreed_to()
    {
        var (client, person) = (await Operator.CreateDeviceClientAsync(), await SharedPersonAsync());
        var asked = (await OAuth2.DeviceAsync(client, Asked)).Expect(200);

        var end = await AgreeAsync(person, asked["user_code"].GetString()!);

        Assert.Equal(Pages.Of("device/done"), end.GetLeftPart(UriPartial.Path));
        Assert.Equal(client.Id, Browser.Query(end, "client_id"));
        var reply = await OAuth2.PollAsync(client, asked["device_code"].GetString()!);
        var tokens = OAuth2Flows.Tokens(reply);
        Assert.Equal("bearer", reply["token_type"].GetString());
        Assert.Equal(person.Id, new Jwt(tokens.Id!)["sub"]);
        var token = await Operator.IntrospectAsync(tokens.Access);
        Assert.Equal(person.Id, token["sub"].GetString());
        Assert.Equal("openid offline_access novaid.read", token["scope"].GetString());
        Assert.Equal(["novaid-api"], token.Strings("aud"));
        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).Expect(200);
        Assert.NotNull(OAuth2Flows.Tokens(await OAuth2.RefreshAsync(client, tokens.Refresh!)).Access);
    }

    [Fact]
    public async Task A_device_gets_no_more_than_the_person_has_granted()
    {
        var (client, person) = (await Operator.CreateDeviceClientAsync(), await SharedPersonAsync());
        var asked = (await OAuth2.DeviceAsync(client, Asked)).Expect(200);
        await AgreeAsync(person, asked["user_code"].GetString()!, "novaid.read");

        var reply = (await OAuth2.PollAsync(client, asked["device_code"].GetString()!)).Expect(200);

        Assert.Equal("novaid.read", reply["scope"].GetString());
        Assert.False(reply.Json.TryGetProperty("refresh_token", out _));
        Assert.False(reply.Json.TryGetProperty("id_token", out _));
    }

    [Fact]
    public async Task A_device_code_is_good_once()
    {
        var (client, person) = (await Operator.CreateDeviceClientAsync(), await SharedPersonAsync());
        var asked = (await OAuth2.DeviceAsync(client, Asked)).Expect(200);
        await AgreeAsync(person, asked["user_code"].GetString()!);
        (await OAuth2.PollAsync(client, asked["device_code"].GetString()!)).Expect(200);

        Error(400, "invalid_grant", await OAuth2.PollAsync(client, asked["device_code"].GetString()!));
    }

    [Fact]
    public async Task A_user_code_is_good_once()
    {
        var (client, person) = (await Operator.CreateDeviceClientAsync(), await SharedPersonAsync());
        var code = (await OAuth2.DeviceAsync(client, Asked)).Expect(200)["user_code"].GetString()!;
        await AgreeAsync(person, code);

        var page = await NewBrowser().FollowAsync("/oauth2/device/verify");

        Error(400, "invalid_request", await Operator.AnswerDeviceAsync(Browser.Query(page, "device_challenge"), code));
    }

    [Fact]
    public async Task A_code_that_does_not_exist_is_refused()
    {
        var client = await Operator.CreateDeviceClientAsync();
        var page = await NewBrowser().FollowAsync("/oauth2/device/verify");
        var challenge = Browser.Query(page, "device_challenge");

        Error(400, "invalid_request", await Operator.AnswerDeviceAsync(challenge, "nothing1"));
        Error(400, "invalid_request", await Operator.AnswerDeviceAsync(challenge, ""));
        (await Operator.AnswerDeviceAsync("nothing", "nothing1")).Expect(404);
        Error(400, "invalid_grant", await OAuth2.PollAsync(client, "ory_dc_nothing.nothing"));
    }

    [Fact]
    public async Task Another_client_gets_nothing_for_the_code_of_a_device()
    {
        var (client, other) = (await Operator.CreateDeviceClientAsync(), await Operator.CreateDeviceClientAsync());
        var asked = (await OAuth2.DeviceAsync(client, Asked)).Expect(200);
        await AgreeAsync(await SharedPersonAsync(), asked["user_code"].GetString()!);

        Error(400, "invalid_grant", await OAuth2.PollAsync(other, asked["device_code"].GetString()!));
    }

    [Fact]
    public async Task A_client_without_the_grant_is_refused()
    {
        var client = await Operator.CreateClientAsync();

        Error(400, "invalid_grant", await OAuth2.DeviceAsync(client, Asked));
        Error(400, "unauthorized_client", await OAuth2.PollAsync(client, "ory_dc_nothing.nothing"));
    }

    [Fact]
    public async Task A_device_asks_for_no_more_than_its_client_may_have()
    {
        var client = await Operator.CreateDeviceClientAsync();

        Error(400, "invalid_scope", await OAuth2.DeviceAsync(client, ("scope", "kratos.identities.list")));
        Error(400, "invalid_request", await OAuth2.DeviceAsync(client, ("scope", "novaid.read"), ("audience", "novaid-gateway")));
        Error(401, "invalid_client", await OAuth2.DeviceAsync(client with { Secret = "wrong" }, Asked));
    }

    [Fact]
    public async Task The_page_gets_the_code_of_the_address_and_the_browser_that_began_must_go_on()
    {
        var client = await Operator.CreateDeviceClientAsync();
        var code = (await OAuth2.DeviceAsync(client, Asked)).Expect(200)["user_code"].GetString()!;
        var page = await NewBrowser().FollowAsync($"/oauth2/device/verify?user_code={code}");
        Assert.Equal(code, Browser.Query(page, "user_code"));

        var answer = (await Operator.AnswerDeviceAsync(Browser.Query(page, "device_challenge"), code)).Expect(200);
        var next = new Uri(answer["redirect_to"].GetString()!).PathAndQuery;

        Error(403, "request_forbidden", await NewBrowser().GetAsync(next));
    }

    [Fact]
    public async Task A_person_who_refuses_leaves_the_device_waiting()
    {
        var client = await Operator.CreateDeviceClientAsync();
        var asked = (await OAuth2.DeviceAsync(client, Asked)).Expect(200);
        var browser = NewBrowser();
        var loginPage = await EnterAsync(browser, asked["user_code"].GetString()!);

        var reply = await browser.GetAsync(await Operator.RejectLoginAsync(Browser.Query(loginPage, "login_challenge")));

        Assert.Equal("access_denied", reply["error"].GetString());
        Error(400, "authorization_pending", await OAuth2.PollAsync(client, asked["device_code"].GetString()!));
    }

    private async Task<Uri> EnterAsync(Browser browser, string userCode)
    {
        var page = await browser.FollowAsync("/oauth2/device/verify");
        Assert.Equal(Pages.Of("device"), page.GetLeftPart(UriPartial.Path));
        var answer = (await Operator.AnswerDeviceAsync(Browser.Query(page, "device_challenge"), userCode)).Expect(200);
        return await browser.FollowAsync(new Uri(answer["redirect_to"].GetString()!).PathAndQuery);
    }

    /// <summary>Enters the code, logs in and consents.</summary>
    /// <returns>Where the browser ends.</returns>
    private async Task<Uri> AgreeAsync(Person person, string userCode, params string[] scopes)
    {
        var browser = NewBrowser();
        var loginPage = await EnterAsync(browser, userCode);
        Assert.Equal(Pages.Of("login"), loginPage.GetLeftPart(UriPartial.Path));
        var consentPage = await browser.FollowAsync(
            await Operator.AcceptLoginAsync(Browser.Query(loginPage, "login_challenge"), person.Id));
        Assert.Equal(Pages.Of("consent"), consentPage.GetLeftPart(UriPartial.Path));
        return await browser.FollowAsync(await Operator.AcceptConsentAsync(Browser.Query(consentPage, "consent_challenge"), scopes));
    }

    private static void Error(int status, string error, Reply reply) => Assert.Equal(error, reply.Expect(status)["error"].GetString());
}
