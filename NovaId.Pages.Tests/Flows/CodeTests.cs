using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Flows;

/// <summary>Codes by e-mail: confirming an address, logging in, getting back in.</summary>
public abstract class CodeTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_is_confirmed(bool javaScript)
    {
        await using var visitor = await zone.VisitAsync(javaScript);
        var email = zone.NewEmail();
        await visitor.OpenAsync("/accounts/registration");
        await visitor.Page.FillAsync("input[name='traits.email']", email);
        await visitor.Page.FillAsync("input[name=password]", BrowserZone.Password);
        await visitor.Page.ClickAsync("button[name=method][value=password]");
        await visitor.SeesAsync("is not confirmed yet");

        await visitor.OpenAsync("/accounts/verification");
        await visitor.Page.FillAsync("input[name=email]", email);
        await visitor.Page.ClickAsync("main button[type=submit]");
        await visitor.Page.FillAsync("input[name=code]", "000000");
        await visitor.Page.ClickAsync("main button[name=method]");
        await visitor.SeesAsync("This code is not right, or it was used before.");
        // The registration has sent one too, and only the newest code is good here.
        await visitor.Page.FillAsync("input[name=code]", await zone.Operator.MailedCodeAsync(email, "verify", count: 2));
        await visitor.Page.ClickAsync("main button[name=method]");
        await visitor.SeesAsync("Your address is confirmed.");
        await visitor.Page.ClickAsync("main a:has-text('Continue')");
        await visitor.ArrivesAsync("**/accounts/");
        await Assertions.Expect(visitor.Page.Locator(".facts .tag.good")).ToHaveTextAsync("confirmed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_logs_in_with_a_code(bool javaScript)
    {
        await using var visitor = await zone.VisitAsync(javaScript);
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await visitor.OpenAsync("/accounts/login");
        await visitor.Page.FillAsync("input[name=identifier]", email);
        await visitor.Page.ClickAsync("button[value=code]");
        await visitor.SeesAsync("A code is on its way");
        await visitor.Page.FillAsync("input[name=code]", await zone.Operator.MailedCodeAsync(email, "log in"));
        await visitor.Page.ClickAsync("main button[name=method]");
        await visitor.SeesAsync("Hello, Vera");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_forgot_the_password_gets_back_in_and_chooses_a_new_one(bool javaScript)
    {
        await using var visitor = await zone.VisitAsync(javaScript);
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await visitor.OpenAsync("/accounts/login");
        await visitor.Page.ClickAsync("text=Forgot your password?");
        await visitor.Page.FillAsync("input[name=email]", email);
        await visitor.Page.ClickAsync("main button[type=submit]");
        await visitor.Page.FillAsync("input[name=code]", await zone.Operator.MailedCodeAsync(email, "recover"));
        await visitor.Page.ClickAsync("main button[name=method]");
        await visitor.SeesAsync("You are back in.");
        await visitor.Page.FillAsync("#password input[name=password]", "another long 77 secret");
        await visitor.Page.ClickAsync("#password button[type=submit]");
        await visitor.SeesAsync("Your changes are saved.");
    }
}
