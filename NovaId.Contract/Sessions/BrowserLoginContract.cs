namespace NovaId.Contract.Sessions;

/// <summary>Login and logout in a browser: redirects, cookies, and the token against forged requests.</summary>
public abstract class BrowserLoginContract(IZone zone) : ZoneContract(zone)
{
    private const string Login = $"{KratosFlows.Root}/self-service/login";
    private const string Logout = $"{KratosFlows.Root}/self-service/logout";

    [Fact]
    public async Task The_browser_is_sent_to_the_login_page_with_a_flow()
    {
        var reply = (await NewBrowser().GetAsync($"{Login}/browser")).Expect(303);

        Assert.Equal(Pages.Login, reply.Location.GetLeftPart(UriPartial.Path));
        Assert.True(Guid.TryParse(Browser.Query(reply.Location, "flow"), out _));
    }

    [Fact]
    public async Task The_right_password_gives_a_cookie_and_sends_the_browser_home()
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("login", browser);

        var done = (await KratosFlows.SubmitLoginAsync(browser, flow, person.Email, person.Password)).Expect(303);

        Assert.Equal(Pages.Home, done.Location.AbsoluteUri);
        Assert.Contains("novaid_session", browser.Cookies.Keys);
        Assert.Equal(person.Id, (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200)["identity.id"].GetString());
    }

    [Fact]
    public async Task A_wrong_password_sends_the_browser_back_to_the_page_which_says_so()
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("login", browser);

        var back = (await KratosFlows.SubmitLoginAsync(browser, flow, person.Email, KratosFlows.NewPassword())).Expect(303);

        Assert.Equal(Pages.Login, back.Location.GetLeftPart(UriPartial.Path));
        Assert.Equal(flow.Id, Browser.Query(back.Location, "flow"));
        Assert.DoesNotContain("novaid_session", browser.Cookies.Keys);
        Assert.Equal([4000006], KratosFlows.Messages((await KratosFlows.FetchAsync("login", browser, flow.Id)).Json));
    }

    [Fact]
    public async Task A_page_that_asks_for_json_is_answered_in_json()
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        var begun = (await browser.SendAsync(HttpMethod.Get, $"{Login}/browser", null, ("Accept", "application/json"))).Expect(200);
        var flow = await KratosFlows.FetchAsync("login", browser, begun["id"].GetString()!);
        var form = KratosFlows.LoginForm(flow, person.Email, person.Password);

        var done = (await browser.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json"))).Expect(200);

        Assert.Equal(person.Id, done["session.identity.id"].GetString());
        Assert.False(done.Json.TryGetProperty("session_token", out _));
    }

    [Fact]
    public async Task Another_browser_does_not_see_the_flow()
    {
        var flow = await KratosFlows.BeginAsync("login", NewBrowser());

        var reply = (await NewBrowser().GetAsync($"{Login}/flows?id={flow.Id}")).Expect(403);

        Assert.Equal("security_csrf_violation", reply["error.id"].GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("bm90IHRoZSB0b2tlbg==")]
    public async Task A_form_without_the_right_token_is_refused(string token)
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("login", browser) with { CsrfToken = token };
        var form = KratosFlows.LoginForm(flow, person.Email, person.Password);

        var refused = await browser.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json"));

        Assert.Equal("security_csrf_violation", refused.Expect(403)["error.id"].GetString());
        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(401);
    }

    [Fact]
    public async Task A_form_from_a_browser_without_the_cookie_is_refused()
    {
        var person = await SharedPersonAsync();
        var flow = await KratosFlows.BeginAsync("login", NewBrowser());
        var other = NewBrowser();
        var form = KratosFlows.LoginForm(flow, person.Email, person.Password);

        (await other.SendAsync(HttpMethod.Post, flow.Action, form, ("Accept", "application/json"))).Expect(403);

        Assert.DoesNotContain("novaid_session", other.Cookies.Keys);
    }

    [Fact]
    public async Task The_browser_returns_to_where_it_came_from_if_that_is_allowed()
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("login", browser, $"?return_to={Uri.EscapeDataString(Pages.Of("orders/7"))}");

        var done = (await KratosFlows.SubmitLoginAsync(browser, flow, person.Email, person.Password)).Expect(303);

        Assert.Equal(Pages.Of("orders/7"), done.Location.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("http://localhost.evil.test:4455/accounts/")]
    [InlineData("http://localhost:4455@evil.test/accounts/")]
    public async Task The_browser_is_sent_nowhere_else(string target)
    {
        var browser = NewBrowser();
        var query = $"{Login}/browser?return_to={Uri.EscapeDataString(target)}";

        var refused = (await browser.SendAsync(HttpMethod.Get, query, null, ("Accept", "application/json"))).Expect(400);
        Assert.Equal("self_service_flow_return_to_forbidden", refused["error.id"].GetString());

        Assert.Equal(Pages.Error, (await browser.FollowAsync(query)).GetLeftPart(UriPartial.Path));
    }

    [Fact]
    public async Task Whoever_is_logged_in_is_sent_home()
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());

        Assert.Equal(Pages.Home, (await browser.FollowAsync($"{Login}/browser")).AbsoluteUri);
    }

    [Fact]
    public async Task A_logout_ends_the_session_and_takes_the_cookie_away()
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());
        var cookie = browser.Cookies["novaid_session"];
        var begun = (await browser.GetAsync($"{Logout}/browser")).Expect(200);

        var done = (await browser.GetAsync(new Uri(begun["logout_url"].GetString()!).PathAndQuery)).Expect(303);

        Assert.Equal(Pages.Home, done.Location.AbsoluteUri);
        Assert.DoesNotContain("novaid_session", browser.Cookies.Keys);
        browser.Cookies["novaid_session"] = cookie;
        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(401);
    }

    [Fact]
    public async Task A_link_with_another_token_logs_nobody_out()
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());

        var target = $"{Logout}?token={KratosFlows.NewPassword()}";
        (await browser.SendAsync(HttpMethod.Get, target, null, ("Accept", "application/json"))).Expect(403);

        (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200);
    }

    [Fact]
    public async Task Nobody_is_logged_out_who_is_not_logged_in() =>
        (await NewBrowser().SendAsync(HttpMethod.Get, $"{Logout}/browser", null, ("Accept", "application/json"))).Expect(401);
}
