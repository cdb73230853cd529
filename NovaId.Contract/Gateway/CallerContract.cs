namespace NovaId.Contract.Gateway;

/// <summary>Who gets through to the API: the first credential there decides, and a bad one is not forgiven for a good one.</summary>
public abstract class CallerContract(IZone zone) : ZoneContract(zone)
{
    private const string BadCookie = "novaid_session=MTIzNDU2Nzg5MHxub3QtYS1jb29raWV8";
    private const string BadToken = "ory_at_nothing.nothing";
    private const string BadSessionToken = "ory_st_0123456789abcdefghijklmnopqrstuv";

    [Fact]
    public async Task Whoever_proves_nothing_is_refused() => (await Anonymous.GetAsync("/api/me")).ExpectByGateway(401);

    [Theory]
    [InlineData("/api/health")]
    [InlineData("/api/public")]
    [InlineData("/api/openapi.json")]
    public async Task What_is_for_everyone_needs_no_proof(string target) => (await Anonymous.GetAsync(target)).Expect(200);

    [Fact]
    public async Task A_session_token_passes() => (await (await SharedPersonAsync()).Caller.GetAsync("/api/me")).Expect(200);

    [Fact]
    public async Task A_bad_session_token_is_refused() =>
        (await Anonymous.WithSessionToken(BadSessionToken).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task A_session_cookie_passes() =>
        (await Anonymous.With("Cookie", await CookieAsync()).GetAsync("/api/me")).Expect(200);

    [Fact]
    public async Task A_bad_session_cookie_is_refused() =>
        (await Anonymous.With("Cookie", BadCookie).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task An_access_token_passes() =>
        (await Anonymous.WithBearer(await Tools.UserTokenAsync()).GetAsync("/api/me")).Expect(200);

    [Fact]
    public async Task A_bad_access_token_is_refused() =>
        (await Anonymous.WithBearer(BadToken).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task A_session_token_is_no_access_token() =>
        (await Anonymous.WithBearer((await SharedPersonAsync()).Session.Token).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task An_access_token_is_no_session_token() =>
        (await Anonymous.WithSessionToken(await Tools.UserTokenAsync()).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task A_good_access_token_decides_before_a_bad_cookie() =>
        (await Anonymous.WithBearer(await Tools.UserTokenAsync()).With("Cookie", BadCookie).GetAsync("/api/me")).Expect(200);

    [Fact]
    public async Task A_good_access_token_decides_before_a_bad_session_token() =>
        (await Anonymous.WithBearer(await Tools.UserTokenAsync()).WithSessionToken(BadSessionToken).GetAsync("/api/me")).Expect(200);

    [Fact]
    public async Task A_bad_access_token_is_not_forgiven_for_a_good_cookie() =>
        (await Anonymous.WithBearer(BadToken).With("Cookie", await CookieAsync()).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task A_bad_access_token_is_not_forgiven_for_a_good_session_token() =>
        (await (await SharedPersonAsync()).Caller.WithBearer(BadToken).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task A_bad_session_token_is_not_forgiven_for_a_good_cookie() =>
        (await Anonymous.WithSessionToken(BadSessionToken).With("Cookie", await CookieAsync()).GetAsync("/api/me")).ExpectByGateway(401);

    [Fact]
    public async Task A_good_session_token_decides_before_a_bad_cookie() =>
        (await (await SharedPersonAsync()).Caller.With("Cookie", BadCookie).GetAsync("/api/me")).Expect(200);

    [Fact]
    public async Task A_password_is_no_credential_of_the_API()
    {
        var person = await SharedPersonAsync();

        (await Anonymous.With("Authorization", OAuth2Flows.Basic(person.Email, person.Password)).GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_token_in_the_query_is_no_credential()
    {
        (await Anonymous.GetAsync($"/api/me?access_token={await Tools.UserTokenAsync()}")).ExpectByGateway(401);
        (await Anonymous.GetAsync($"/api/me?session_token={(await SharedPersonAsync()).Session.Token}")).ExpectByGateway(401);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Every_method_needs_a_proof(string method) =>
        (await Anonymous.SendAsync(HttpMethod.Parse(method), "/api/documents", new { })).ExpectByGateway(401);

    [Fact]
    public async Task A_refusal_names_no_address_behind_the_gateway()
    {
        foreach (var reply in new[]
        {
            await Anonymous.GetAsync("/api/me"),
            await Anonymous.GetAsync("/nothing"),
            await Anonymous.WithBearer(BadToken).GetAsync("/svc/kratos/admin/identities"),
        })
        {
            Assert.DoesNotContain("http://", reply.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("kratos", reply.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("hydra", reply.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_page_of_a_frontend_may_call_with_its_credentials()
    {
        var reply = await PreflightAsync("http://localhost:3000");

        reply.Expect(204);
        Assert.Equal(["http://localhost:3000"], reply.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["true"], reply.Headers.GetValues("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("http://127.0.0.1:3001")]
    [InlineData("null")]
    public async Task A_page_from_elsewhere_may_not(string origin) =>
        Assert.False((await PreflightAsync(origin)).Headers.Contains("Access-Control-Allow-Origin"));

    private Task<Reply> PreflightAsync(string origin) =>
        Anonymous.With("Origin", origin)
            .With("Access-Control-Request-Method", "POST")
            .With("Access-Control-Request-Headers", "content-type")
            .SendAsync(HttpMethod.Options, "/api/documents");

    private async Task<string> CookieAsync()
    {
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, await SharedPersonAsync());
        return $"novaid_session={browser.Cookies["novaid_session"]}";
    }
}
