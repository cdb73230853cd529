using Microsoft.Playwright;
using NovaId.Contract.Drivers;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Factors;

/// <summary>An authenticator app as second factor.</summary>
public abstract class TotpTests(BrowserZone zone)
{
    private const string Wrong = "This code is not right. Look again at your authenticator app.";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_app_is_set_up_and_its_code_is_asked_for_at_the_next_login(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/settings");
        await Assertions.Expect(member.Page.Locator("#totp img.picture")).ToHaveAttributeAsync("alt", "Picture to scan with your authenticator app");
        var app = new AuthenticatorApp(await member.Page.Locator("#totp .secret").InnerTextAsync());
        await member.Page.FillAsync("#totp input[name=totp_code]", app.WrongCode);
        await member.Page.ClickAsync("#totp button[name=method]");
        await member.SeesAtFieldAsync("totp_code", Wrong);
        await member.Page.FillAsync("#totp input[name=totp_code]", app.Code);
        await member.Page.ClickAsync("#totp button[name=method]");
        await member.SeesAsync("Your changes are saved.");
        await Assertions.Expect(member.Page.Locator("#totp button.danger")).ToHaveTextAsync("Remove the authenticator app");
        await member.IsAccessibleAsync(javaScript);

        await member.LogOutAsync();
        await member.OpenAsync("/accounts/login");
        await member.FillLoginAsync(member.Email);
        await member.ReachesAsync("Second step");
        await member.IsAccessibleAsync(javaScript);
        await member.Page.FillAsync("input[name=totp_code]", app.WrongCode);
        await member.Page.ClickAsync("button[name=method][value=totp]");
        await member.SeesAtFieldAsync("totp_code", Wrong);
        await member.Page.FillAsync("input[name=totp_code]", app.Code);
        await member.Page.ClickAsync("button[name=method][value=totp]");
        await member.SeesAsync("Hello, Vera");
        await member.SeesAsync("two factors");
    }

    [Fact]
    public async Task Half_a_login_opens_no_page_and_leads_to_the_second_step_and_back()
    {
        await using var member = await zone.MemberAsync();
        var app = await member.SetUpAppAsync();
        await member.LogOutAsync();
        await member.OpenAsync("/accounts/login");
        await member.FillLoginAsync(member.Email);
        await member.SeesAsync("Second step");

        foreach (var path in (string[])["/accounts/sessions", "/accounts/settings", "/admin/people"])
        {
            await member.OpenAsync(path);
            Assert.Equal("Second step", await member.HeadingAsync());
        }

        await member.OpenAsync("/accounts/keys/new");
        await member.Page.FillAsync("input[name=totp_code]", app.Code);
        await member.Page.ClickAsync("button[name=method][value=totp]");
        await member.ArrivesAsync("**/accounts/keys/new");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_app_a_password_is_enough_again(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.SetUpAppAsync();
        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("#totp button.danger");
        await member.SeesAsync("Your changes are saved.");
        await member.LogOutAsync();
        await member.LogInAsync(member.Email);
        await member.SeesAsync("Hello, Vera");
    }
}
