using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Flows;

/// <summary>The way in and out, with and without scripts.</summary>
public abstract class LoginTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_registers_logs_out_and_logs_in_again(bool javaScript)
    {
        await using var visitor = await zone.VisitAsync(javaScript);
        var email = zone.NewEmail();
        await visitor.OpenAsync("/");
        await visitor.Page.ClickAsync("text=Create an account");
        await visitor.Page.FillAsync("input[name='traits.email']", email);
        await visitor.Page.FillAsync("input[name='traits.name.first']", "Ada");
        await visitor.Page.FillAsync("input[name='traits.name.last']", "Lovelace");
        await visitor.Page.FillAsync("input[name=password]", BrowserZone.Password);
        await visitor.Page.ClickAsync("button[name=method][value=password]");
        await visitor.ArrivesAsync("**/accounts/");
        Assert.Equal("Hello, Ada", await visitor.HeadingAsync());

        await visitor.Page.ClickAsync("header button:has-text('Log out')");
        await visitor.SeesAsync("Log in to look after your account");

        await visitor.LogInAsync(email);
        Assert.Equal("Hello, Ada", await visitor.HeadingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_password_is_said_in_words_and_the_address_stays(bool javaScript)
    {
        await using var visitor = await zone.VisitAsync(javaScript);
        var (_, email) = await zone.NewPersonAsync();
        await visitor.OpenAsync("/accounts/login");
        await visitor.FillLoginAsync(email, "not the password");

        await visitor.SeesAsync("Address or password is not right.");
        Assert.Equal(email, await visitor.Page.InputValueAsync("input[name=identifier]"));
        Assert.Equal("", await visitor.Page.InputValueAsync("input[name=password]"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_wrong_with_an_input_is_said_at_the_input(bool javaScript)
    {
        await using var visitor = await zone.VisitAsync(javaScript);
        await visitor.OpenAsync("/accounts/registration");
        await visitor.Page.FillAsync("input[name='traits.email']", zone.NewEmail());
        await visitor.Page.FillAsync("input[name='traits.name.first']", "Ada");
        await visitor.Page.FillAsync("input[name=password]", "short");
        await visitor.Page.ClickAsync("button[name=method][value=password]");

        var password = visitor.Page.Locator(".field:has(input[name=password])");
        await Microsoft.Playwright.Assertions.Expect(password).ToContainTextAsync("The password needs at least 12 characters.");
        Assert.Equal("true", await visitor.Page.GetAttributeAsync("input[name=password]", "aria-invalid"));
        Assert.Equal("Ada", await visitor.Page.InputValueAsync("input[name='traits.name.first']"));
    }

    [Fact]
    public async Task A_page_asks_for_the_login_and_leads_back_to_itself()
    {
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenAsync("/accounts/keys/new");
        Assert.Equal("Log in", await visitor.HeadingAsync());
        await visitor.FillLoginAsync((await zone.NewPersonAsync()).Email);
        await visitor.ArrivesAsync("**/accounts/keys/new");
        Assert.Equal("New API key", await visitor.HeadingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_logs_in_again_finds_the_address_filled_in(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/login?refresh=true&return_to=/accounts/sessions");
        Assert.Equal("Confirm that it is you", await member.HeadingAsync());
        Assert.Equal(member.Email, await member.Page.InputValueAsync("input[name=identifier]"));
        Assert.NotNull(await member.Page.GetAttributeAsync("input[name=password]", "autofocus"));
        await member.IsAccessibleAsync(javaScript);

        await member.Page.FillAsync("input[name=password]", "not the password");
        await member.Page.ClickAsync("button[name=method][value=password]");
        await member.SeesAsync("Address or password is not right.");
        Assert.Equal(member.Email, await member.Page.InputValueAsync("input[name=identifier]"));

        await member.Page.FillAsync("input[name=password]", BrowserZone.Password);
        await member.Page.ClickAsync("button[name=method][value=password]");
        await member.ArrivesAsync("**/accounts/sessions");
    }

    [Theory]
    [InlineData("login")]
    [InlineData("registration")]
    [InlineData("settings")]
    public async Task A_flow_that_is_over_begins_anew(string flow)
    {
        await using var visitor = flow == "settings" ? await zone.MemberAsync() : await zone.VisitAsync();
        await visitor.OpenAsync($"/accounts/{flow}?flow={Guid.NewGuid()}");
        Assert.Matches($"/accounts/{flow}\\?flow=", visitor.Page.Url);
        await Microsoft.Playwright.Assertions.Expect(visitor.Page.Locator("main form").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_flow_of_another_browser_is_not_shown()
    {
        await using var one = await zone.VisitAsync();
        await one.OpenAsync("/accounts/login");
        await using var other = await zone.VisitAsync();
        await other.OpenAsync("/accounts/login");
        var answer = await other.OpenAsync(one.Page.Url);
        Assert.Equal(403, answer.Status);
        await other.SeesAsync("This page belongs to another browser");
    }
}
