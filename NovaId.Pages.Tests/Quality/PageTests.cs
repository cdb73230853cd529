using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Quality;

/// <summary>What every page keeps to.</summary>
public abstract class PageTests(BrowserZone zone)
{
    private const int MostBytes = 50 * 1024;

    public static TheoryData<string> ForAnybody =>
        ["/accounts/", "/accounts/login", "/accounts/registration", "/accounts/error?error=access_denied", "/accounts/nothing-here", "/accounts/gone", "/accounts/device/done"];

    public static TheoryData<string> ForMembers =>
        ["/accounts/", "/accounts/settings", "/accounts/sessions", "/accounts/applications", "/accounts/keys", "/accounts/keys/new", "/accounts/data", "/accounts/delete", "/accounts/logout"];

    [Theory]
    [MemberData(nameof(ForAnybody))]
    public async Task A_page_for_anybody_is_small_strict_and_open_to_all(string path)
    {
        await using var visitor = await zone.VisitAsync();
        await CheckAsync(visitor, path);
    }

    [Theory]
    [MemberData(nameof(ForMembers))]
    public async Task A_page_for_members_is_small_strict_and_open_to_all(string path)
    {
        await using var member = await zone.MemberAsync();
        await CheckAsync(member, path);
    }

    [Theory]
    [MemberData(nameof(ForMembers))]
    public async Task A_page_is_readable_in_the_dark_and_fits_a_phone(string path)
    {
        await using var member = await zone.MemberAsync(options: options =>
        {
            options.ColorScheme = ColorScheme.Dark;
            options.ViewportSize = new ViewportSize { Width = 360, Height = 740 };
        });
        await member.OpenAsync(path);
        await member.IsAccessibleAsync();
        var width = await member.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= 360, $"{path} is {width} pixels wide");
    }

    [Fact]
    public async Task A_date_is_written_as_the_person_writes_it()
    {
        Assert.SkipWhen(IsInvariant(), "this machine has no ICU: dates are written as ISO 8601");
        await using var german = await zone.MemberAsync(options: options => options.Locale = "de-DE");
        await german.OpenAsync("/accounts/");
        Assert.Matches(@"^\d\d\.\d\d\.\d{4}, \d\d:\d\d UTC$", await german.Page.Locator("time").First.InnerTextAsync());
        await using var japanese = await zone.MemberAsync(options: options => options.Locale = "ja-JP");
        await japanese.OpenAsync("/accounts/");
        Assert.Matches(@"^\d{4}/\d\d/\d\d, ", await japanese.Page.Locator("time").First.InnerTextAsync());
    }

    [Fact]
    public async Task Only_a_page_with_a_form_of_Kratos_may_ask_and_only_its_own_origin()
    {
        await using var member = await zone.MemberAsync();
        await using var visitor = await zone.VisitAsync();
        string[] asking = [await PolicyAsync(member, "/accounts/settings"), await PolicyAsync(visitor, "/accounts/login"), await PolicyAsync(visitor, "/accounts/recovery")];
        Assert.All(asking, policy => Assert.Contains("; connect-src 'self'; ", policy, StringComparison.Ordinal));
        string[] others = [await PolicyAsync(member, "/accounts/"), await PolicyAsync(member, "/accounts/keys/new"), await PolicyAsync(visitor, "/accounts/gone")];
        Assert.All(others, policy => Assert.DoesNotContain("connect-src", policy, StringComparison.Ordinal));

        static async Task<string> PolicyAsync(BrowserVisitor visitor, string path) =>
            await (await visitor.OpenAsync(path)).HeaderValueAsync("Content-Security-Policy") ?? "";
    }

    [Fact]
    public async Task A_style_of_this_version_is_kept_by_the_browser_and_a_page_is_not()
    {
        await using var visitor = await zone.VisitAsync();
        var style = await visitor.Page.RunAndWaitForResponseAsync(() => visitor.OpenAsync("/accounts/"), response => response.Url.Contains(".css", StringComparison.Ordinal));
        Assert.Contains("immutable", await style.HeaderValueAsync("Cache-Control") ?? "", StringComparison.Ordinal);
        var page = await visitor.OpenAsync("/accounts/");
        Assert.Equal("no-store", await page.HeaderValueAsync("Cache-Control"));
    }

    private static bool IsInvariant()
    {
        AppContext.TryGetSwitch("System.Globalization.Invariant", out var invariant);
        return invariant || Environment.GetEnvironmentVariable("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") is "1" or "true";
    }

    private static async Task CheckAsync(BrowserVisitor visitor, string path)
    {
        var page = await visitor.OpenAsync(path);
        var addresses = await visitor.Page.EvaluateAsync<string[]>(
            "[location.href, ...[...document.querySelectorAll('link[href], script[src], img[src]')].map(part => part.href ?? part.src)].filter(a => !a.startsWith('data:'))");
        var bytes = 0;
        foreach (var address in addresses)
        {
            bytes += (await (await visitor.Context.APIRequest.GetAsync(address)).BodyAsync()).Length;
        }

        Assert.True(bytes <= MostBytes, $"{path} takes {bytes} bytes");
        Assert.StartsWith("default-src 'none'", await page.HeaderValueAsync("Content-Security-Policy") ?? "", StringComparison.Ordinal);
        Assert.Equal(0, await visitor.Page.Locator("script:not([src]), style, [style], [onclick], [onload]").CountAsync());
        Assert.Equal("en", await visitor.Page.GetAttributeAsync("html", "lang"));
        await visitor.IsAccessibleAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {bytes} bytes");
    }
}
