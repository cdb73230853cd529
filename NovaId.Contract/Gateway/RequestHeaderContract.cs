using NovaId.Contract.Attacks;

namespace NovaId.Contract.Gateway;

/// <summary>Headers and cookies that are unusual: repeated, long, quoted, or of a name in other letters.</summary>
public abstract class RequestHeaderContract(IZone zone) : ZoneContract(zone)
{
    private const string SessionCookie = "novaid_session";

    [Theory]
    [InlineData("novaid_session={good}; novaid_session=nothing", 200)]
    [InlineData("novaid_session=nothing; novaid_session={good}", 200)]
    [InlineData("novaid_session=; novaid_session={good}", 200)]
    [InlineData("novaid_session; novaid_session={good}", 200)]
    [InlineData("a b=c; novaid_session={good}", 200)]
    [InlineData("novaid_session=\"{good}\"", 200)]
    [InlineData(" ; ;;novaid_session={good}", 200)]
    [InlineData("NOVAID_SESSION={good}", 401)]
    [InlineData("novaid_session={escaped}", 401)]
    [InlineData("novaid_session={good}\\", 401)]
    [InlineData("novaid_session=nothing", 401)]
    public async Task A_session_cookie_is_read_as_Kratos_reads_it(string cookies, int status)
    {
        var good = await SessionCookieAsync(await SharedPersonAsync());
        var header = cookies.Replace("{good}", good, StringComparison.Ordinal)
            .Replace("{escaped}", $"%{(int)good[0]:X2}{good[1..]}", StringComparison.Ordinal);

        (await Anonymous.With("Cookie", header).GetAsync(KratosFlows.WhoAmI)).Expect(status);
    }

    [Fact]
    public async Task Of_two_sessions_in_one_browser_the_first_counts()
    {
        var (one, other) = (await SharedPersonAsync("General"), await SharedPersonAsync("Private"));
        var (first, second) = (await SessionCookieAsync(one), await SessionCookieAsync(other));

        var reply = await Anonymous.With("Cookie", $"{SessionCookie}={first}; {SessionCookie}={second}").GetAsync(KratosFlows.WhoAmI);

        Assert.Equal(one.Id, reply.Expect(200)["identity.id"].GetString());
    }

    [Fact]
    public async Task Of_two_CSRF_cookies_none_counts()
    {
        var (browser, person) = (NewBrowser(), await SharedPersonAsync());
        var flow = await KratosFlows.BeginAsync("login", browser);
        var (name, token) = browser.Cookies.Single(cookie => cookie.Key.StartsWith("csrf_token_", StringComparison.Ordinal));
        var other = Convert.ToBase64String(new byte[32]);

        Reply[] refused = [await SubmitAsync($"{name}={token}; {name}={other}"), await SubmitAsync($"{name}={other}; {name}={token}")];
        var taken = await SubmitAsync($"{name}=\"{token}\"; {name.ToUpperInvariant()}={other}");

        refused.Expect(403);
        Assert.All(refused, reply => Assert.Equal("security_csrf_violation", reply["error.id"].GetString()));
        taken.Expect(200);

        Task<Reply> SubmitAsync(string cookies) => Anonymous.With("Cookie", cookies).PostAsync(
            flow.Action, new { method = "password", identifier = person.Email, password = person.Password, csrf_token = flow.CsrfToken });
    }

    [Theory]
    [InlineData("X-A: b\u0001c", 400)]
    [InlineData("X-A: b\u007f", 400)]
    [InlineData("X-A: b\u000b", 400)]
    [InlineData("X-A: b\tc", 200)]
    [InlineData("X-A:", 200)]
    [InlineData("X(A): b", 400)]
    [InlineData("X-A@: b", 400)]
    [InlineData("X A: b", 400)]
    [InlineData("X!#$%&'*+-.^_`|~: b", 200)]
    [InlineData("Expect: 200-ok", 417)]
    public async Task A_header_is_taken_or_refused_as_Go_does(string header, int status) =>
        Assert.Equal([status], await SendAsync("GET", "/api/health", $"{header}\r\n"));

    [Fact]
    public async Task A_cookie_of_forty_kilobytes_is_taken()
    {
        var person = await SharedPersonAsync();

        (await person.Caller.With("Cookie", $"large={new string('a', 40_000)}").GetAsync(KratosFlows.WhoAmI)).Expect(200);
        (await Anonymous.With("Cookie", $"large={new string('a', 40_000)}; {SessionCookie}={await SessionCookieAsync(person)}")
            .GetAsync(KratosFlows.WhoAmI)).Expect(200);
    }

    [Fact]
    public async Task A_target_of_forty_kilobytes_is_taken() =>
        (await (await SharedPersonAsync()).Caller.GetAsync($"{KratosFlows.WhoAmI}?junk={new string('a', 40_000)}")).Expect(200);

    [Theory]
    [InlineData("X-Session-Token", "{token}", "nothing", 200)]
    [InlineData("X-Session-Token", "nothing", "{token}", 401)]
    [InlineData("Authorization", "Bearer {token}", "Bearer nothing", 200)]
    [InlineData("Authorization", "Bearer nothing", "Bearer {token}", 401)]
    public async Task The_first_of_a_header_that_stands_twice_counts(string name, string first, string second, int status)
    {
        var token = (await SharedPersonAsync()).Session.Token;
        var headers = $"{name}: {first}\r\n{name}: {second}\r\n".Replace("{token}", token, StringComparison.Ordinal);

        Assert.Equal([status], await SendAsync("GET", KratosFlows.WhoAmI, headers));
        if (name == "X-Session-Token")
        {
            Assert.Equal([status], await SendAsync("GET", "/api/me", headers));
        }
    }

    [Theory]
    [InlineData("{token}", "nothing", 200)]
    [InlineData("nothing", "{token}", 401)]
    public async Task The_first_of_two_access_tokens_counts(string first, string second, int status)
    {
        var headers = $"Authorization: Bearer {first}\r\nAuthorization: Bearer {second}\r\n"
            .Replace("{token}", await Tools.UserTokenAsync(), StringComparison.Ordinal);

        Assert.Equal([status], await SendAsync("GET", "/userinfo", headers));
        Assert.Equal([status], await SendAsync("GET", "/api/me", headers));
    }

    private static async Task<string> SessionCookieAsync(Browser browser, Person person)
    {
        await KratosFlows.LoginAsync(browser, person);
        return browser.Cookies[SessionCookie];
    }

    private Task<string> SessionCookieAsync(Person person) => SessionCookieAsync(NewBrowser(), person);

    private async Task<IReadOnlyList<int>> SendAsync(string method, string target, string headers)
    {
        using var connection = await RawConnection.OpenAsync(Zone.Gateway, Zone.GatewayCertificate);
        var request = $"{method} {target} HTTP/1.1\r\nHost: {Zone.Gateway.Authority}\r\nConnection: close\r\n{headers}\r\n";
        return (await connection.SendAsync(request)).Statuses;
    }
}
