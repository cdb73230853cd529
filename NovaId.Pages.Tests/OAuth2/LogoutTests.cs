using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.OAuth2;

/// <summary>Kratos and Hydra forget somebody together.</summary>
public abstract class LogoutTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_logs_out_here_is_logged_out_of_Hydra_too(bool javaScript)
    {
        await using var visitor = await zone.MemberAsync(javaScript);
        await using var third = await ThirdParty.StartAsync();
        visitor.OtherHosts.Add(third.Address.Authority);
        var application = await zone.Operator.CreateApplicationAsync("Left behind", third.Callback);
        var request = new AuthorizationRequest(application, third.Callback, "openid novaid.read");
        await visitor.OpenAsync(request.Address);
        await visitor.ConfirmAsync();
        await visitor.Page.ClickAsync("button[value=allow]");
        await request.ReturnAsync(visitor);

        await visitor.OpenAsync("/accounts/");
        await visitor.Page.ClickAsync("header button:has-text('Log out')");
        await visitor.SeesAsync("Log in to look after your account");

        await visitor.OpenAsync(new AuthorizationRequest(application, third.Callback, "openid novaid.read").Address);
        Assert.Equal("Log in", await visitor.HeadingAsync());
    }

    [Fact]
    public async Task A_link_to_the_logout_asks_first()
    {
        await using var visitor = await zone.MemberAsync();
        await visitor.OpenAsync("/accounts/logout");
        Assert.Equal("Log out?", await visitor.HeadingAsync());
        await visitor.Page.ClickAsync("button[value=no]");
        await visitor.SeesAsync("Hello, Vera");
    }
}
