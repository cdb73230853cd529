using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Flows;

/// <summary>What somebody changes of themselves.</summary>
public abstract class SettingsTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_is_changed_and_stands_on_every_page(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/settings");
        await member.Page.FillAsync("#profile input[name='traits.name.first']", "Grace");
        await member.Page.ClickAsync("#profile button[type=submit]");
        await member.SeesAsync("Your changes are saved.");
        await member.OpenAsync("/accounts/");
        Assert.Equal("Hello, Grace", await member.HeadingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_password_is_changed_and_the_new_one_counts(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/settings");
        var email = await member.Page.InputValueAsync("#profile input[name='traits.email']");
        await member.Page.FillAsync("#password input[name=password]", "another long 77 secret");
        await member.Page.ClickAsync("#password button[type=submit]");
        await member.SeesAsync("Your changes are saved.");
        await member.Page.ClickAsync("header button:has-text('Log out')");
        await member.SeesAsync("Log in to look after your account");
        await member.LogInAsync(email, "another long 77 secret");
    }
}
