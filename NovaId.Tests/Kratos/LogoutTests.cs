namespace NovaId.Tests.Kratos;

public sealed class LogoutTests
{
    [Fact]
    public async Task A_browser_logs_out_by_the_address_it_is_given()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");
        var cookie = browser.Cookies["novaid_session"];
        using var start = await browser.GetAsync("/self-service/logout/browser", script: true);
        var flow = await start.JsonAsync();
        Assert.StartsWith("ory_lo_", flow.Text("logout_token"));

        using var response = await browser.GetAsync(flow.Text("logout_url"));

        Assert.Equal(303, (int)response.StatusCode);
        Assert.Equal("http://localhost:4455/accounts/", response.Headers.Location!.ToString());
        Assert.False(browser.Cookies.ContainsKey("novaid_session"));
        browser.Cookies["novaid_session"] = cookie;
        using var whoami = await browser.GetAsync("/sessions/whoami", script: true);
        Assert.Equal(401, (int)whoami.StatusCode);
    }

    [Fact]
    public async Task A_script_that_logs_out_gets_no_content()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");
        using var start = await browser.GetAsync("/self-service/logout/browser", script: true);

        using var response = await browser.GetAsync((await start.JsonAsync()).Text("logout_url"), script: true);

        Assert.Equal(204, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_foreign_logout_token_logs_nobody_out()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");

        using var response = await browser.GetAsync("/self-service/logout?token=ory_lo_somebody", script: true);

        Assert.Equal(403, (int)response.StatusCode);
        using var whoami = await browser.GetAsync("/sessions/whoami", script: true);
        Assert.Equal(200, (int)whoami.StatusCode);
    }

    [Fact]
    public async Task Without_a_session_there_is_nothing_to_log_out_of()
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();

        using var script = await browser.GetAsync("/self-service/logout/browser", script: true);
        using var page = await browser.GetAsync("/self-service/logout/browser");

        Assert.Equal(401, (int)script.StatusCode);
        Assert.Equal("session_inactive", (await script.JsonAsync()).ErrorId());
        Assert.Equal(303, (int)page.StatusCode);
        using var error = await browser.GetAsync("/self-service/errors" + page.Headers.Location!.Query);
        Assert.Equal("session_inactive", (await error.JsonAsync()).ErrorId());
    }

    [Fact]
    public async Task A_program_logs_out_with_its_token_once()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var response = await zone.Public.SendAsync(HttpMethod.Delete, "/self-service/logout/api", new { session_token = token });
        using var unknown = await zone.Public.SendAsync(HttpMethod.Delete, "/self-service/logout/api", new { session_token = "ory_st_unknown" });

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(403, (int)unknown.StatusCode);
        using var whoami = await zone.WhoAmIAsync(token);
        Assert.Equal(401, (int)whoami.StatusCode);
    }
}
