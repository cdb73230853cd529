using System.Diagnostics;
using NovaId.Pages.Gateway;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.Faults;

namespace NovaId.Pages.Tests.Demo;

/// <summary>Somebody is at the demo, and tokens end or the zone goes.</summary>
public sealed class DemoFaultTests
{
    [Fact]
    public async Task A_token_that_is_over_is_renewed_on_the_way_once_for_all_tabs()
    {
        await using var switches = new ServiceSwitches();
        await using var zone = new EmulatorBrowserZone(switches);
        await zone.EnsureReadyAsync();
        await zone.Operator.SetLifespanAsync("demo", TimeSpan.FromSeconds(1));
        await using var guest = await zone.GuestAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);

        await guest.OpenDemoAsync(zone, "/calls/me?send=now");
        await guest.SeesAsync("new tokens for the refresh token?");
        Assert.Equal(("Hydra", "yes"), (await guest.WayAsync())[0]);

        // Tabs share the cookie, and each finds the token over: a second use of the refresh token would end everything.
        await Task.Delay(TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);
        var tabs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => guest.Context.NewPageAsync()));
        await Task.WhenAll(tabs.Select(tab => tab.GotoAsync(new Uri(zone.Demo, "/calls/me?send=now").ToString())));
        foreach (var tab in tabs)
        {
            Assert.Contains("Vera", await tab.Locator("pre").InnerTextAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>In production nobody is told the steps, and the refusal itself says what it was about.</summary>
    [Fact]
    public async Task Where_the_API_tells_no_steps_the_page_still_says_by_whom()
    {
        await using var zone = new EmulatorBrowserZone("Production");
        await using var guest = await zone.GuestAsync(without: "novaid.write", rank: "Private");
        await guest.OpenDemoAsync(zone, "/calls/me?send=now");
        await guest.SeesAsync("The API tells its own steps in the Development environment only.");
        Assert.Equal([("Gateway", "yes")], await guest.WayAsync());
        await guest.OpenDemoAsync(zone, "/calls/logs?send=now");
        await guest.SeesAsync("Refused as Keto says");
        await guest.OpenDemoAsync(zone, $"/calls/document?id={Guid.NewGuid()}&send=now");
        await guest.SeesAsync("Refused as Keto says");
        await guest.OpenDemoAsync(zone, "/calls/check");
        await guest.Page.ClickAsync("main button[type=submit]");
        await guest.SeesAsync("Refused as Hydra says");
        await guest.OpenDemoAsync(zone, "/calls/sessions?send=now");
        await guest.SeesAsync("Refused by the API");
    }

    [Theory]
    [InlineData("gateway", true, "Nobody answered")]
    [InlineData("gateway", false, "Nobody answered")]
    [InlineData("api", false, "Nobody answered")]
    [InlineData("api", true, "Nobody answered")]
    [InlineData("kratos", false, "Refused, because Kratos did not answer")]
    [InlineData("kratos", true, "Refused, because Kratos did not answer")]
    [InlineData("hydra", false, "Refused by the gateway, as Hydra does not answer it")]
    public async Task The_page_says_so_in_time_and_keeps_what_was_filled_in(string service, bool hangs, string said)
    {
        await using var switches = new ServiceSwitches();
        await using var zone = new EmulatorBrowserZone(switches);
        await using var guest = await zone.GuestAsync();
        var hop = Stopwatch.StartNew();
        await guest.OpenDemoAsync(zone, "/calls/make-document");
        hop.Stop();

        await guest.Page.FillAsync("input[name=title]", "Half a night's work");
        await guest.Page.FillAsync("textarea[name=content]", "Not to be lost");
        switches.Fail(service, hangs);
        var clock = Stopwatch.StartNew();
        await guest.Page.RunAndWaitForResponseAsync(() => guest.Page.ClickAsync("main button[type=submit]"), response => response.Request.Method == "POST");
        await guest.SeesAsync(said);
        var took = clock.Elapsed;

        Assert.Equal("Half a night's work", await guest.Page.InputValueAsync("input[name=title]"));
        Assert.Equal("Not to be lost", await guest.Page.InputValueAsync("textarea[name=content]"));
        await ShowsNothingOfTheInsideAsync(zone, guest);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2.6) + TimeSpan.FromMilliseconds(300) + (20 * hop.Elapsed));
    }

    /// <summary>Nobody has logged in yet, so that this app knows neither Hydra's endpoints nor its keys.</summary>
    [Theory]
    [InlineData("gateway", true)]
    [InlineData("gateway", false)]
    [InlineData("hydra", true)]
    [InlineData("hydra", false)]
    public async Task The_first_who_comes_is_told_that_the_zone_does_not_answer(string service, bool hangs)
    {
        await using var switches = new ServiceSwitches();
        await using var zone = new EmulatorBrowserZone(switches);
        await using var visitor = await zone.VisitAsync();
        var hop = Stopwatch.StartNew();
        await visitor.OpenDemoAsync(zone);
        hop.Stop();
        switches.Fail(service, hangs);

        var clock = Stopwatch.StartNew();
        var login = await visitor.OpenDemoAsync(zone, "/login");
        var took = clock.Elapsed;
        Assert.Equal(503, login.Status);
        await visitor.SeesAsync("Not available right now");
        await ShowsNothingOfTheInsideAsync(zone, visitor);
        Assert.InRange(took, TimeSpan.Zero, GatewayClient.TotalLimit + TimeSpan.FromMilliseconds(500) + (20 * hop.Elapsed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_zone_nobody_is_sent_there_and_whoever_leaves_is_out_here(bool hangs)
    {
        await using var switches = new ServiceSwitches();
        await using var zone = new EmulatorBrowserZone(switches);
        await using var guest = await zone.GuestAsync();
        var hop = Stopwatch.StartNew();
        await guest.OpenDemoAsync(zone);
        hop.Stop();
        switches.Fail("gateway", hangs);

        var clock = Stopwatch.StartNew();
        var login = await guest.OpenDemoAsync(zone, "/login");
        var took = clock.Elapsed;
        Assert.Equal(503, login.Status);
        await guest.SeesAsync("Not available right now");
        await ShowsNothingOfTheInsideAsync(zone, guest);
        Assert.InRange(took, TimeSpan.Zero, GatewayClient.TotalLimit + TimeSpan.FromMilliseconds(500) + (20 * hop.Elapsed));

        await guest.OpenDemoAsync(zone);
        await guest.Page.ClickAsync("header button:has-text('Log out')");
        await guest.SeesAsync("You are logged out of this app");
        await guest.OpenDemoAsync(zone);
        Assert.Equal("An app of somebody else", await guest.HeadingAsync());
    }

    private static async Task ShowsNothingOfTheInsideAsync(EmulatorBrowserZone zone, BrowserVisitor visitor)
    {
        var page = await visitor.Page.Locator("body").InnerTextAsync();
        Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
        Assert.DoesNotContain(zone.Zone.Gateway.Authority, page, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", page, StringComparison.Ordinal);
    }
}
