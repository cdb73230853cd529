using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Factors;

/// <summary>Passkeys, made and used by Chromium itself (Web Authentication, Level 2).</summary>
public abstract class PasskeyTests(BrowserZone zone)
{
    [Fact]
    public async Task Somebody_registers_with_a_passkey_and_logs_in_with_it()
    {
        await using var visitor = await zone.VisitAsync();
        var authenticator = await VirtualAuthenticator.AddAsync(visitor);
        var email = zone.NewEmail();
        await visitor.OpenAsync("/accounts/registration");
        await visitor.Page.FillAsync("input[name='traits.email']", email);
        await visitor.Page.FillAsync("input[name='traits.name.first']", "Paul");
        await visitor.Page.ClickAsync("button:has-text('Use a passkey instead of a password')");
        await visitor.ArrivesAsync("**/accounts/");
        Assert.Equal("Hello, Paul", await visitor.HeadingAsync());
        var key = Assert.Single(await authenticator.KeysAsync());
        Assert.Equal(zone.Address.Host, key.GetProperty("rpId").GetString());
        Assert.True(key.GetProperty("isResidentCredential").GetBoolean());

        await visitor.LogOutAsync();
        await authenticator.LogInAsync(visitor, "/accounts/login");
        await visitor.ArrivesAsync("**/accounts/");
        Assert.Equal("Hello, Paul", await visitor.HeadingAsync());
        Assert.True(Assert.Single(await authenticator.KeysAsync()).GetProperty("signCount").GetInt32() > key.GetProperty("signCount").GetInt32());
        await visitor.OpenAsync("/accounts/sessions");
        await visitor.SeesAsync("Passkey");
    }

    [Fact]
    public async Task The_browser_offers_a_passkey_in_the_field_for_the_address()
    {
        await using var member = await zone.MemberAsync();
        await VirtualAuthenticator.AddAsync(member);
        await AddAsync(member);
        await member.LogOutAsync();
        await member.OpenAsync("/accounts/login");
        // The authenticator takes what the browser offers, without a click.
        await member.ArrivesAsync("**/accounts/");
        Assert.Equal("Hello, Vera", await member.HeadingAsync());
    }

    [Fact]
    public async Task A_passkey_is_added_used_and_removed()
    {
        await using var member = await zone.MemberAsync();
        var authenticator = await VirtualAuthenticator.AddAsync(member);
        await AddAsync(member);
        await member.IsAccessibleAsync();

        await member.LogOutAsync();
        await authenticator.LogInAsync(member, "/accounts/login");
        await member.ArrivesAsync("**/accounts/");
        Assert.Equal("Hello, Vera", await member.HeadingAsync());

        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("#passkey button.danger");
        await member.SeesAsync("Your changes are saved.");
        await member.LogOutAsync();
        await authenticator.LogInAsync(member, "/accounts/login");
        await authenticator.AgreeAsync(false);
        await Assertions.Expect(member.Page.Locator(".notice.error, .message.error").First).ToBeVisibleAsync();
        Assert.Contains("/accounts/login", member.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_is_the_first_step_and_the_app_the_second()
    {
        await using var member = await zone.MemberAsync();
        var authenticator = await VirtualAuthenticator.AddAsync(member);
        await AddAsync(member);
        var app = await member.SetUpAppAsync();

        await member.LogOutAsync();
        await authenticator.LogInAsync(member, "/accounts/login");
        await member.SeesAsync("Second step");
        Assert.Equal(0, await member.Page.Locator("button:has-text('passkey')").CountAsync());
        await member.Page.FillAsync("input[name=totp_code]", app.Code);
        await member.Page.ClickAsync("button[name=method][value=totp]");
        await member.ArrivesAsync("**/accounts/");
        await member.SeesAsync("two factors");
    }

    [Fact]
    public async Task A_passkey_renews_a_login_that_is_too_old()
    {
        await using var member = await zone.MemberAsync();
        var authenticator = await VirtualAuthenticator.AddAsync(member);
        await AddAsync(member);
        await zone.AgeLoginAsync(member, TimeSpan.FromMinutes(20));
        await member.OpenAsync("/accounts/data");
        await member.Page.ClickAsync("text=Delete my account");
        await member.Page.FillAsync("input[name=email]", member.Email);
        await member.Page.ClickAsync("button:has-text('for good')");
        await authenticator.LogInAsync(member, await member.Page.GetAttributeAsync("a:has-text('Confirm that it is me')", "href") ?? "");
        await member.ArrivesAsync("**/accounts/delete**");
        Assert.Equal("Delete your account", await member.HeadingAsync());
    }

    [Theory]
    [InlineData("login")]
    [InlineData("registration")]
    public async Task Nobody_without_scripts_is_offered_what_needs_them(string page)
    {
        await using var visitor = await zone.VisitAsync(javaScript: false);
        await visitor.OpenAsync($"/accounts/{page}");
        Assert.Equal(0, await visitor.Page.Locator("button:has-text('passkey') >> visible=true").CountAsync());
        await Assertions.Expect(visitor.Page.Locator("input[name=password]")).ToBeVisibleAsync();
    }

    private static async Task AddAsync(BrowserVisitor member)
    {
        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("#passkey button:has-text('Add a passkey')");
        await member.SeesAsync("Your changes are saved.");
        Assert.Equal(1, await member.Page.Locator("#passkey button.danger").CountAsync());
    }
}
