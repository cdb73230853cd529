using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Demo;

/// <summary>What every page of the demo keeps to.</summary>
public sealed class DemoPageTests(EmulatorBrowserZone zone)
{
    private const int MostBytes = 50 * 1024;

    public static TheoryData<string> Paths =>
    [
        "/", "/?done=renewed", "/?done=not-renewed", "/?done=not-renewable", "/claims", "/calls", "/calls/me?send=now", "/calls/permissions?send=now", "/calls/check",
        "/calls/documents?send=now", "/calls/make-document", "/calls/document?id={0}&send=now", "/calls/share-document?id={0}", "/calls/logs?send=now", "/calls/export?send=now",
        "/calls/users?send=now", "/calls/nothing-here", "/nothing-here", "/signin?error=access_denied",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_page_is_small_strict_and_open_to_all(string path)
    {
        await using var guest = await zone.GuestAsync(rank: "Sergeant");
        path = path.Replace("{0}", await guest.MakeDocumentAsync(zone, "A report"), StringComparison.Ordinal);
        await CheckAsync(guest, path);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?done=signed-out")]
    [InlineData("/?return_to=/calls/me")]
    public async Task So_is_a_page_for_anybody(string path)
    {
        await using var visitor = await zone.VisitAsync();
        await CheckAsync(visitor, path);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_page_is_readable_in_the_dark_and_fits_a_phone(string path)
    {
        await using var guest = await zone.GuestAsync(rank: "Sergeant", options: options =>
        {
            options.ColorScheme = ColorScheme.Dark;
            options.ViewportSize = new ViewportSize { Width = 360, Height = 740 };
        });
        path = path.Replace("{0}", await guest.MakeDocumentAsync(zone, "A report"), StringComparison.Ordinal);
        await guest.OpenDemoAsync(zone, path);
        await guest.IsAccessibleAsync();
        var width = await guest.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= 360, $"{path} is {width} pixels wide");
        await PictureAsync(guest, path, "-dark-phone");
    }

    private async Task CheckAsync(BrowserVisitor visitor, string path)
    {
        var page = await visitor.OpenDemoAsync(zone, path);
        var addresses = await visitor.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('link[href], script[src], img[src]')].map(part => part.href ?? part.src)");
        var bytes = (await page.BodyAsync()).Length;
        foreach (var address in addresses)
        {
            bytes += (await (await visitor.Context.APIRequest.GetAsync(address)).BodyAsync()).Length;
        }

        Assert.True(bytes <= MostBytes, $"{path} takes {bytes} bytes");
        Assert.StartsWith("default-src 'none'", await page.HeaderValueAsync("Content-Security-Policy") ?? "", StringComparison.Ordinal);
        Assert.Equal("no-store", await page.HeaderValueAsync("Cache-Control"));
        Assert.Equal(0, await visitor.Page.Locator("script, style, [style], [onclick], [onload]").CountAsync());
        await visitor.IsAccessibleAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {bytes} bytes");
        await PictureAsync(visitor, path);
    }

    private static async Task PictureAsync(BrowserVisitor visitor, string path, string kind = "")
    {
        if (Environment.GetEnvironmentVariable("NOVAID_PICTURES") is { Length: > 0 } folder)
        {
            var name = string.Concat(path.Select(letter => char.IsLetterOrDigit(letter) ? letter : '_'));
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Path.Combine(folder, $"demo{name}{kind}.png") });
        }
    }
}
