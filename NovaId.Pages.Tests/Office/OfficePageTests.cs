using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Office;

/// <summary>What every page of the office keeps to.</summary>
public abstract class OfficePageTests(BrowserZone zone)
{
    private const int MostBytes = 50 * 1024;

    public static TheoryData<string> Paths =>
    [
        "/admin/", "/admin/people", "/admin/people?state=inactive", "/admin/people/{0}", "/admin/ranks", "/admin/why", "/admin/why?who={0}&what=Capability:logs.view:allow",
        "/admin/why?who=nobody&what=Rank:Major:atLeast", "/admin/keys", "/admin/log", "/admin/statistics", "/admin/chain", "/admin/chain?check=now", "/admin/nothing-here",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_page_is_small_strict_and_open_to_all(string path)
    {
        await using var general = await zone.OfficerAsync("General");
        path = path.Replace("{0}", await zone.Operator.CreatePersonAsync(zone.NewEmail(), BrowserZone.Password), StringComparison.Ordinal);
        await general.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var bodies = new List<Task<byte[]>>();
        general.Page.Response += (_, response) =>
        {
            if (response.Status is >= 200 and < 300 or >= 400)
            {
                bodies.Add(BodyAsync(response));
            }
        };

        var page = await general.OpenAsync(path);
        await general.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var bytes = (await Task.WhenAll(bodies)).Sum(body => body.Length);
        Assert.True(bytes <= MostBytes, $"{path} takes {bytes} bytes");
        Assert.StartsWith("default-src 'none'", await page.HeaderValueAsync("Content-Security-Policy") ?? "", StringComparison.Ordinal);
        Assert.Equal("no-store", await page.HeaderValueAsync("Cache-Control"));
        Assert.Equal(0, await general.Page.Locator("script, style, [style], [onclick], [onload]").CountAsync());
        await general.Page.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");

        await general.IsAccessibleAsync();
    }

    /// <summary>The body, once it is there: the browser lets go of one that it has not been asked for before the next page comes.</summary>
    private static async Task<byte[]> BodyAsync(IResponse response)
    {
        await response.FinishedAsync();
        return await response.BodyAsync();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_page_is_readable_in_the_dark_and_fits_a_phone(string path)
    {
        await using var general = await zone.OfficerAsync("General", options: options =>
        {
            options.ColorScheme = ColorScheme.Dark;
            options.ViewportSize = new ViewportSize { Width = 360, Height = 740 };
        });
        path = path.Replace("{0}", await zone.Operator.CreatePersonAsync(zone.NewEmail(), BrowserZone.Password), StringComparison.Ordinal);
        await general.OpenAsync(path);
        await general.IsAccessibleAsync();
        var width = await general.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= 360, $"{path} is {width} pixels wide");
    }
}
