using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Demo;

/// <summary>What somebody does at the demo, the app of somebody else.</summary>
internal static class DemoVisits
{
    /// <summary>Opens a page of the demo.</summary>
    public static Task<IResponse> OpenDemoAsync(this BrowserVisitor visitor, EmulatorBrowserZone zone, string path = "/")
    {
        visitor.OtherHosts.Add(zone.Demo.Authority);
        return visitor.OpenAsync(new Uri(zone.Demo, path).ToString());
    }

    /// <summary>Somebody who is nobody yet, in front of the demo's question at NovaId.</summary>
    public static async Task<BrowserVisitor> AskedAsync(this EmulatorBrowserZone zone, string email, bool javaScript = true, Action<BrowserNewContextOptions>? options = null)
    {
        var visitor = await zone.VisitAsync(javaScript, options);
        await visitor.OpenDemoAsync(zone);
        await visitor.Page.ClickAsync("text=Continue with NovaId");
        // A zone that has only just started may take longer than a page waits for it: whoever meets that tries again, as the page says.
        await visitor.Page.Locator("input[name=identifier], a:has-text('Try again')").First.WaitForAsync();
        for (var tries = 0; tries < 20 && await visitor.Page.Locator("input[name=identifier]").CountAsync() == 0; tries++)
        {
            await visitor.OpenDemoAsync(zone, "/login");
        }

        await visitor.SeesAsync("to continue to NovaId demo");
        await visitor.FillLoginAsync(email);
        await Assertions.Expect(visitor.Page.Locator("button[value=allow]")).ToBeVisibleAsync();
        return visitor;
    }

    /// <summary>Somebody who let the demo in.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="without">A scope that they do not grant.</param>
    /// <param name="rank">Their rank.</param>
    /// <param name="javaScript">Whether their browser runs scripts.</param>
    /// <param name="options">What else is special about it.</param>
    public static async Task<BrowserVisitor> GuestAsync(
        this EmulatorBrowserZone zone, string? without = null, string? rank = null, bool javaScript = true, Action<BrowserNewContextOptions>? options = null)
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        var id = await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        if (rank is not null)
        {
            await zone.Operator.SetRankAsync(id, rank);
        }

        var visitor = await zone.AskedAsync(email, javaScript, options);
        if (without is not null)
        {
            await visitor.Page.UncheckAsync($"input[name=scope][value='{without}']");
        }

        await visitor.Page.ClickAsync("button[value=allow]");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Hello, Vera Visitor");
        return visitor;
    }

    /// <summary>Makes a document and ends at the page that says so.</summary>
    /// <returns>The document's id.</returns>
    public static async Task<string> MakeDocumentAsync(this BrowserVisitor visitor, EmulatorBrowserZone zone, string title)
    {
        await visitor.OpenDemoAsync(zone, "/calls/make-document");
        await visitor.Page.FillAsync("input[name=title]", title);
        await visitor.Page.FillAsync("textarea[name=content]", "Line one\nLine two");
        await visitor.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visitor.Page.Locator(".card-head .tag")).ToHaveTextAsync("201");
        var link = await visitor.Page.GetAttributeAsync(".documents a >> nth=0", "href");
        return link!.Split("id=")[1].Split('&')[0];
    }

    /// <summary>The way that the page shows: who was asked, and the answer.</summary>
    public static async Task<IReadOnlyList<(string Who, string Answer)>> WayAsync(this BrowserVisitor visitor)
    {
        var steps = await visitor.Page.Locator(".way > li").AllAsync();
        var way = new List<(string, string)>();
        foreach (var step in steps)
        {
            way.Add((await step.Locator("strong").InnerTextAsync(), await step.Locator(".tag").InnerTextAsync()));
        }

        return way;
    }
}
