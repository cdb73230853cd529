using System.Net.Http.Headers;

namespace NovaId.Tests.Kratos;

public sealed class SessionTests
{
    [Fact]
    public async Task Without_credentials_whoami_is_401_in_the_shape_of_Kratos()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Public.FetchAsync("/sessions/whoami");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        var error = (await response.JsonAsync()).At("error");
        Assert.Equal(401, error.GetProperty("code").GetInt32());
        Assert.Equal("Unauthorized", error.Text("status"));
        Assert.Equal("No valid session credentials found in the request.", error.Text("reason"));
        Assert.Equal("The request could not be authorized", error.Text("message"));
    }

    [Fact]
    public async Task A_session_ends_after_its_lifespan()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        zone.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        using var before = await zone.WhoAmIAsync(token);
        zone.Time.Advance(TimeSpan.FromSeconds(1));
        using var after = await zone.WhoAmIAsync(token);

        Assert.Equal(200, (int)before.StatusCode);
        Assert.Equal(401, (int)after.StatusCode);
    }

    [Fact]
    public async Task A_session_can_be_made_to_expire()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var login = await zone.LoginAsync("ada@novaid.local");

        zone.ExpireSession(login.At("session.id").GetGuid());

        using var whoami = await zone.WhoAmIAsync(login.Text("session_token"));
        Assert.Equal(401, (int)whoami.StatusCode);
        Assert.Throws<ArgumentException>(() => zone.ExpireSession(Guid.NewGuid()));
    }

    [Fact]
    public async Task The_header_comes_before_the_cookie_and_the_cookie_before_the_bearer()
    {
        await using var zone = await KratosZone.StartAsync();
        foreach (var name in new[] { "header", "cookie", "bearer" })
        {
            await zone.CreatePersonAsync($"{name}@novaid.local");
        }

        var header = (await zone.LoginAsync("header@novaid.local")).Text("session_token");
        var bearer = (await zone.LoginAsync("bearer@novaid.local")).Text("session_token");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("cookie@novaid.local");
        var cookie = $"novaid_session={browser.Cookies["novaid_session"]}";

        Assert.Equal("header@novaid.local", await WhoAsync(header, cookie, bearer));
        Assert.Equal("cookie@novaid.local", await WhoAsync(null, cookie, bearer));
        Assert.Equal("bearer@novaid.local", await WhoAsync(null, null, bearer));
        Assert.Equal("bearer@novaid.local", await WhoAsync(null, "novaid_session=forged", bearer));
        Assert.Null(await WhoAsync("ory_st_wrong", cookie, bearer));

        async Task<string?> WhoAsync(string? token, string? cookies, string? authorization)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions/whoami");
            if (token is not null)
            {
                request.Headers.Add("X-Session-Token", token);
            }

            if (cookies is not null)
            {
                request.Headers.Add("Cookie", cookies);
            }

            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", authorization);
            using var response = await zone.Public.SendAsync(request, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode ? (await response.JsonAsync()).At("identity.traits.email").GetString() : null;
        }
    }

    [Fact]
    public async Task The_other_sessions_are_listed_and_revoked()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var mine = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");
        var first = await zone.LoginAsync("ada@novaid.local");
        zone.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await zone.LoginAsync("ada@novaid.local");

        using var listed = await zone.Public.FetchAsync("/sessions", mine);
        using var one = await zone.Public.SendAsync(HttpMethod.Delete, "/sessions/" + first.At("session.id").GetString(), null, mine);
        using var firstAfter = await zone.WhoAmIAsync(first.Text("session_token"));
        using var rest = await zone.Public.SendAsync(HttpMethod.Delete, "/sessions", null, mine);
        using var secondAfter = await zone.WhoAmIAsync(second.Text("session_token"));
        using var mineAfter = await zone.WhoAmIAsync(mine);

        Assert.Equal("2", listed.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(
            [second.At("session.id").GetString(), first.At("session.id").GetString()],
            (await listed.JsonAsync()).EnumerateArray().Select(session => session.Text("id")));
        Assert.Equal(204, (int)one.StatusCode);
        Assert.Equal(401, (int)firstAfter.StatusCode);
        Assert.Equal(2, (await rest.JsonAsync()).GetProperty("count").GetInt32());
        Assert.Equal(401, (int)secondAfter.StatusCode);
        Assert.Equal(200, (int)mineAfter.StatusCode);
    }

    [Fact]
    public async Task The_session_of_the_request_is_not_revoked_by_its_id()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var login = await zone.LoginAsync("ada@novaid.local");

        using var response = await zone.Public.SendAsync(
            HttpMethod.Delete, "/sessions/" + login.At("session.id").GetString(), null, login.Text("session_token"));

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Nobody_revokes_the_session_of_another()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        await zone.CreatePersonAsync("bob@novaid.local");
        var ada = await zone.LoginAsync("ada@novaid.local");
        var bob = (await zone.LoginAsync("bob@novaid.local")).Text("session_token");

        using var response = await zone.Public.SendAsync(HttpMethod.Delete, "/sessions/" + ada.At("session.id").GetString(), null, bob);

        Assert.Equal(204, (int)response.StatusCode);
        using var whoami = await zone.WhoAmIAsync(ada.Text("session_token"));
        Assert.Equal(200, (int)whoami.StatusCode);
    }
}
