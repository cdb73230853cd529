using System.Text.Json;

namespace NovaId.Tests.Kratos;

public sealed class AdminSessionTests
{
    [Fact]
    public async Task The_sessions_of_a_person_are_listed_and_deleted()
    {
        await using var zone = await KratosZone.StartAsync();
        var ada = await zone.CreatePersonAsync("ada@novaid.local");
        var first = await zone.LoginAsync("ada@novaid.local");
        var second = await zone.LoginAsync("ada@novaid.local");
        var path = $"/admin/identities/{ada.Text("id")}/sessions";

        using var listed = await zone.Admin.FetchAsync(path + "?active=true");
        using var deleted = await zone.Admin.SendAsync(HttpMethod.Delete, path);
        using var again = await zone.Admin.SendAsync(HttpMethod.Delete, path);

        Assert.Equal(2, (await listed.JsonAsync()).GetArrayLength());
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal(404, (int)again.StatusCode);
        foreach (var login in new[] { first, second })
        {
            using var whoami = await zone.WhoAmIAsync(login.Text("session_token"));
            Assert.Equal(401, (int)whoami.StatusCode);
        }
    }

    [Fact]
    public async Task A_session_is_shown_and_revoked()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var login = await zone.LoginAsync("ada@novaid.local");
        var path = "/admin/sessions/" + login.At("session.id").GetString();

        using var shown = await zone.Admin.FetchAsync(path + "?expand=identity");
        using var bare = await zone.Admin.FetchAsync(path);
        using var revoked = await zone.Admin.SendAsync(HttpMethod.Delete, path);
        using var after = await zone.Admin.FetchAsync(path);
        using var whoami = await zone.WhoAmIAsync(login.Text("session_token"));

        Assert.Equal("ada@novaid.local", (await shown.JsonAsync()).At("identity.traits.email").GetString());
        Assert.Equal(JsonValueKind.Null, (await bare.JsonAsync()).GetProperty("identity").ValueKind);
        Assert.Equal(204, (int)revoked.StatusCode);
        Assert.False((await after.JsonAsync()).GetProperty("active").GetBoolean());
        Assert.Equal(401, (int)whoami.StatusCode);
    }

    [Fact]
    public async Task All_sessions_are_listed_newest_first_page_by_page()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await zone.LoginAsync("ada@novaid.local")).At("session.id").GetString()!);
            zone.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        var seen = new List<string>();
        string? next = "/admin/sessions?page_size=2";
        while (next is not null)
        {
            using var response = await zone.Admin.FetchAsync(next);
            seen.AddRange((await response.JsonAsync()).EnumerateArray().Select(session => session.Text("id")));
            var links = response.Headers.GetValues("Link").Single().Split(',');
            next = links.FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>')[1];
        }

        Assert.Equal(made.AsEnumerable().Reverse(), seen);
    }

    [Theory]
    [InlineData("/admin/sessions?page_token=%21forged")]
    [InlineData("/admin/sessions?page_token=Zm9yZ2Vk")]
    [InlineData("/admin/sessions?active=perhaps")]
    [InlineData("/admin/sessions?expand=everything")]
    [InlineData("/admin/sessions/not-an-id")]
    [InlineData("/admin/identities/not-an-id/sessions")]
    public async Task What_cannot_be_read_is_refused(string path)
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Admin.FetchAsync(path);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_session_is_extended_in_its_last_hour_only()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var login = await zone.LoginAsync("ada@novaid.local");
        var path = $"/admin/sessions/{login.At("session.id").GetString()}/extend";

        using var early = await zone.Admin.SendAsync(HttpMethod.Patch, path);
        zone.Time.Advance(TimeSpan.FromHours(11.5));
        using var late = await zone.Admin.SendAsync(HttpMethod.Patch, path);

        var expiry = login.At("session.expires_at").GetDateTimeOffset();
        Assert.Equal(expiry, (await early.JsonAsync()).GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal(TimeSpan.FromHours(11.5), (await late.JsonAsync()).GetProperty("expires_at").GetDateTimeOffset() - expiry);
    }

    [Fact]
    public async Task An_extended_session_gives_the_browser_a_longer_cookie()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");
        using var before = await browser.GetAsync("/sessions/whoami", script: true);
        Assert.Empty(browser.SetCookies);
        zone.Time.Advance(TimeSpan.FromHours(11.5));
        using var extended = await zone.Admin.SendAsync(HttpMethod.Patch, $"/admin/sessions/{(await before.JsonAsync()).Text("id")}/extend");

        using var after = await browser.GetAsync("/sessions/whoami", script: true);

        Assert.Contains("max-age=43200", browser.SetCookies.Single());
    }
}
