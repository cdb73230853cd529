using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Factors;

/// <summary>Codes for a day without the phone.</summary>
public abstract class LookupSecretTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_code_is_good_once(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("#lookup_secret button[name=lookup_secret_regenerate]");
        await Assertions.Expect(member.Page.Locator("#lookup_secret .codes code")).ToHaveCountAsync(12);
        var codes = await member.Page.Locator("#lookup_secret .codes code").AllInnerTextsAsync();
        Assert.Equal(12, codes.Distinct().Count());
        await member.IsAccessibleAsync(javaScript);
        await member.Page.ClickAsync("#lookup_secret button[name=lookup_secret_confirm]");
        await member.SeesAsync("Your changes are saved.");

        await StepAsync(member, codes[0]);
        await member.SeesAsync("Hello, Vera");
        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("#lookup_secret button[name=lookup_secret_reveal]");
        await Assertions.Expect(member.Page.Locator("#lookup_secret .codes")).ToContainTextAsync("used");
        Assert.Equal(codes.Skip(1), await member.Page.Locator("#lookup_secret .codes code").AllInnerTextsAsync());

        await StepAsync(member, codes[0]);
        await member.SeesAsync("This recovery code was used before. Take another one.");
        await member.Page.FillAsync("input[name=lookup_secret]", "notoneofthem");
        await member.Page.ClickAsync("button[name=method][value=lookup_secret]");
        await member.SeesAsync("This is not one of your recovery codes.");
        await member.Page.FillAsync("input[name=lookup_secret]", codes[1]);
        await member.Page.ClickAsync("button[name=method][value=lookup_secret]");
        await member.SeesAsync("Hello, Vera");
    }

    [Fact]
    public async Task The_codes_help_where_the_app_is_not_there()
    {
        await using var member = await zone.MemberAsync();
        await member.SetUpAppAsync();
        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("#lookup_secret button[name=lookup_secret_regenerate]");
        var code = await member.Page.Locator("#lookup_secret .codes code").First.InnerTextAsync();
        await member.Page.ClickAsync("#lookup_secret button[name=lookup_secret_confirm]");
        await member.SeesAsync("Your changes are saved.");
        await StepAsync(member, code);
        await member.SeesAsync("Hello, Vera");
    }

    private static async Task StepAsync(BrowserVisitor member, string code)
    {
        await member.LogOutAsync();
        await member.OpenAsync("/accounts/login");
        await member.FillLoginAsync(member.Email);
        await member.ReachesAsync("Second step");
        await member.Page.FillAsync("input[name=lookup_secret]", code);
        await member.Page.ClickAsync("button[name=method][value=lookup_secret]");
    }
}
