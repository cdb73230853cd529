using System.Collections.Concurrent;
using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Demo;

/// <summary>Somebody lets a third party in, uses it, and takes its access away.</summary>
public sealed class DemoFlowTests(EmulatorBrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_lets_the_demo_in_and_sees_the_way_of_each_call(bool javaScript)
    {
        await using var guest = await zone.GuestAsync(javaScript: javaScript);
        await guest.OpenDemoAsync(zone, "/claims");
        await guest.SeesAsync("visitor-");
        await guest.SeesAsync("who you are, as an id that never changes");

        var title = $"Report {Guid.NewGuid():N}";
        var id = await guest.MakeDocumentAsync(zone, title);
        Assert.Equal(
            [("Gateway", "yes"), ("API", "yes"), ("Hydra", "yes"), ("Kratos", "yes"), ("Keto", "none"), ("Hydra", "yes"), ("API", "done")],
            await guest.WayAsync());

        await guest.OpenDemoAsync(zone, "/calls");
        await guest.Page.ClickAsync("text=List documents");
        await guest.SeesAsync(title);
        await guest.Page.ClickAsync($".documents a:has-text('Read {title}')");
        await guest.SeesAsync("Line one\\nLine two");
        Assert.Contains(("Keto", "yes"), await guest.WayAsync());

        // What is changed was read first; the version that was read is the one that is changed, once.
        await guest.Page.ClickAsync($".documents a:has-text('Change {title}')");
        Assert.Equal("Line one\nLine two", await guest.Page.InputValueAsync("textarea[name=content]"));
        await guest.Page.FillAsync("input[name=title]", $"{title} again");
        await guest.Page.ClickAsync("main button[type=submit]");
        await guest.SeesAsync($"{title} again");
        await guest.Page.ClickAsync("main button[type=submit]");
        await guest.SeesAsync("This has changed in the meantime.");

        await guest.OpenDemoAsync(zone, $"/calls/share-document?id={id}");
        await guest.Page.FillAsync("textarea[name=viewers]", "Captain");
        await guest.Page.SelectOptionAsync("select[name=minimumRank]", "Major");
        await guest.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(guest.Page.Locator(".card-head .tag")).ToHaveTextAsync("200");
        await guest.OpenDemoAsync(zone, $"/calls/share-document?id={id}");
        Assert.Equal("Captain", await guest.Page.InputValueAsync("textarea[name=viewers]"));
        Assert.Equal("Major", await guest.Page.InputValueAsync("select[name=minimumRank]"));

        await guest.OpenDemoAsync(zone, $"/calls/delete-document?id={id}");
        await guest.Page.ClickAsync("main button[type=submit]");
        await guest.SeesAsync("Done. The answer has no body.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_tokens_come_for_the_refresh_token_and_a_logout_ends_everything(bool javaScript)
    {
        await using var guest = await zone.GuestAsync(javaScript: javaScript);
        var before = await SealedAsync(guest);
        await guest.Page.ClickAsync("text=Get new tokens");
        await guest.SeesAsync("Hydra traded the refresh token for new tokens.");
        var after = await SealedAsync(guest);
        Assert.NotEqual(before, after);
        await guest.OpenDemoAsync(zone, "/calls/me?send=now");
        await guest.SeesAsync("visitor-");

        await guest.OpenDemoAsync(zone);
        await guest.Page.ClickAsync("header button:has-text('Log out')");
        await guest.Page.ClickAsync("button[value=yes]");
        await guest.SeesAsync("You are logged out, here and at NovaId.");
        Assert.DoesNotContain(await guest.Context.CookiesAsync(), cookie => cookie.Name == "novaid-demo");
        await guest.OpenAsync("/accounts/");
        await guest.SeesAsync("Log in to look after your account");

        // A cookie that somebody kept opens nothing: what lies in it was taken back.
        await guest.Context.AddCookiesAsync([new Cookie { Name = "novaid-demo", Value = after, Url = zone.Demo.ToString() }]);
        await guest.OpenDemoAsync(zone, "/calls/me?send=now");
        await guest.SeesAsync("Refused by the gateway, as Hydra does not know this token");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_no_is_said_clearly_and_gives_nothing(bool javaScript)
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await using var visitor = await zone.AskedAsync(email, javaScript);
        await visitor.Page.ClickAsync("button[value=deny]");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("You did not let this app in");
        if (javaScript)
        {
            await visitor.IsAccessibleAsync();
        }

        await visitor.Page.ClickAsync("text=Back to the beginning");
        Assert.Equal("An app of somebody else", await visitor.HeadingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_takes_its_access_away_sees_the_next_call_refused_and_by_whom(bool javaScript)
    {
        await using var guest = await zone.GuestAsync(javaScript: javaScript);
        await guest.OpenDemoAsync(zone, "/calls/me?send=now");
        await guest.SeesAsync("visitor-");

        await guest.OpenAsync("/accounts/applications");
        await guest.SeesAsync("NovaId demo");
        await guest.Page.ClickAsync("details.confirm > summary");
        await guest.Page.ClickAsync("details.confirm button[type=submit]");
        await guest.SeesAsync("No application has access to your account.");

        await guest.OpenDemoAsync(zone, "/calls/me?send=now");
        await guest.SeesAsync("Refused by the gateway, as Hydra does not know this token");
        Assert.Equal([("Gateway", "401")], await guest.WayAsync());
        await guest.OpenDemoAsync(zone);
        await guest.Page.ClickAsync("text=Get new tokens");
        await guest.SeesAsync("Hydra refused to give new tokens");
        await guest.OpenDemoAsync(zone, "/claims");
        await guest.SeesAsync("Refused as Hydra says");
        Assert.Equal([("Hydra", "401")], await guest.WayAsync());
    }

    [Fact]
    public async Task What_was_not_granted_is_refused_by_Hydra_and_what_one_may_not_by_Keto()
    {
        await using var guest = await zone.GuestAsync(without: "novaid.write", rank: "Private");
        await guest.OpenDemoAsync(zone, "/calls/make-document");
        await guest.SeesAsync("You did not grant novaid.write.");
        await guest.Page.FillAsync("input[name=title]", "Kept title");
        await guest.Page.ClickAsync("main button[type=submit]");
        await guest.SeesAsync("Refused as Hydra says");
        await guest.SeesAsync("The access token needs the scope novaid.write.");
        Assert.Equal("Kept title", await guest.Page.InputValueAsync("input[name=title]"));

        await guest.OpenDemoAsync(zone, "/calls/logs?send=now");
        await guest.SeesAsync("Refused as Keto says");
        Assert.Contains(("Keto", "no"), await guest.WayAsync());
        await guest.OpenDemoAsync(zone, "/calls/sessions?send=now");
        await guest.SeesAsync("Refused by the API");
        await guest.OpenDemoAsync(zone, $"/calls/change-document?id={Guid.NewGuid()}");
        await guest.SeesAsync("Refused as Keto says");
    }

    [Fact]
    public async Task Without_leave_to_stay_there_is_nothing_to_renew_with()
    {
        await using var guest = await zone.GuestAsync(without: "offline_access");
        await guest.SeesAsync("none: not granted");
        Assert.Equal(0, await guest.Page.Locator("text=Get new tokens").CountAsync());
    }

    [Fact]
    public async Task No_token_ever_reaches_the_browser()
    {
        var seen = new ConcurrentQueue<string>();
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await using var visitor = await zone.AskedAsync(email);
        var bodies = new ConcurrentQueue<Task>();
        visitor.Context.Response += (_, response) => bodies.Enqueue(ReadAsync(response));
        await visitor.Page.ClickAsync("button[value=allow]");
        await visitor.SeesAsync("Hello, Vera Visitor");
        foreach (var path in (string[])["/", "/claims", "/calls", "/calls/me?send=now", "/calls/documents?send=now"])
        {
            await visitor.OpenDemoAsync(zone, path);
            seen.Enqueue(await visitor.Page.ContentAsync());
        }

        await visitor.Page.GotoAsync(zone.Demo.ToString());
        await visitor.Page.ClickAsync("text=Get new tokens");
        await visitor.SeesAsync("Hydra traded");
        await Task.WhenAll(bodies);
        var cookies = await visitor.Context.CookiesAsync([zone.Demo.ToString()]);
        foreach (var cookie in cookies)
        {
            seen.Enqueue(cookie.Value);
        }

        Assert.All(seen, text =>
        {
            Assert.DoesNotContain("ory_at_", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ory_rt_", text, StringComparison.Ordinal);
            // The beginning of every signed token: {"alg"
            Assert.DoesNotContain("eyJhbGci", text, StringComparison.Ordinal);
        });

        // One cookie of its own, of one piece, which no script reads; and none of the zone.
        var only = Assert.Single(cookies);
        Assert.Equal(("novaid-demo", true, SameSiteAttribute.Lax), (only.Name, only.HttpOnly, only.SameSite));
        Assert.True(only.Value.Length < 4000, $"the cookie has {only.Value.Length} characters");
        TestContext.Current.TestOutputHelper?.WriteLine($"the cookie has {only.Value.Length} characters");

        async Task ReadAsync(IResponse response)
        {
            foreach (var (name, value) in await response.AllHeadersAsync())
            {
                seen.Enqueue($"{name}: {value}");
            }
        }
    }

    private async Task<string> SealedAsync(BrowserVisitor visitor) =>
        (await visitor.Context.CookiesAsync([zone.Demo.ToString()])).Single(cookie => cookie.Name == "novaid-demo").Value;
}
