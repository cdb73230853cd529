using System.Text.Json;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.OAuth2;

namespace NovaId.Pages.Tests.Flows;

/// <summary>What is a person's own: sessions, applications, data, the account itself.</summary>
public abstract class OwnAccountTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_elsewhere_is_seen_and_ended(bool javaScript)
    {
        await using var here = await zone.MemberAsync(javaScript);
        await using var there = await zone.VisitAsync(javaScript);
        await there.LogInAsync(here.Email);

        await here.OpenAsync("/accounts/sessions");
        Assert.Equal(1, await here.Page.Locator(".rows > li .tag.good").CountAsync());
        await here.Page.ClickAsync(".rows button:has-text('End')");
        await here.SeesAsync("The session has ended.");

        await there.OpenAsync("/accounts/keys");
        Assert.Equal("Log in", await there.HeadingAsync());
        await here.OpenAsync("/accounts/");
        await here.SeesAsync("Hello, Vera");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Access_of_an_application_is_seen_and_taken_away(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await using var third = await ThirdParty.StartAsync();
        member.OtherHosts.Add(third.Address.Authority);
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync("Night Watch", third.Callback), third.Callback, "openid offline_access novaid.read");
        await member.OpenAsync(request.Address);
        await member.ConfirmAsync();
        await member.Page.ClickAsync("button[value=allow]");
        var token = await request.AccessTokenAsync(zone.Operator, (await request.ReturnAsync(member))["code"]);
        Assert.True((await zone.Operator.IntrospectAsync(token)).GetProperty("active").GetBoolean());

        await member.OpenAsync("/accounts/applications");
        await member.SeesAsync("Night Watch");
        await member.SeesAsync("read what you may read");
        await member.Page.ClickAsync("summary:has-text('Take access away')");
        await member.Page.ClickAsync("button:has-text('Take access away now')");
        await member.SeesAsync("No application has access to your account.");
        Assert.False((await zone.Operator.IntrospectAsync(token)).GetProperty("active").GetBoolean());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_about_the_person_is_downloaded_as_one_document(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/data");
        var download = await member.Page.RunAndWaitForDownloadAsync(() => member.Page.ClickAsync("button:has-text('Download')"));
        Assert.Equal("novaid-account.json", download.SuggestedFilename);
        await using var stream = await download.CreateReadStreamAsync();
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(member.Email, document.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_account_is_deleted_by_whoever_names_it_and_is_gone(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/data");
        await member.Page.ClickAsync("text=Delete my account");
        await member.Page.FillAsync("input[name=email]", "somebody@example.org");
        await member.Page.ClickAsync("button:has-text('for good')");
        await member.SeesAsync("This is not the address of your account.");
        await member.Page.FillAsync("input[name=email]", member.Email);
        await member.Page.ClickAsync("button:has-text('for good')");
        await member.SeesAsync("Your account is deleted");

        await member.OpenAsync("/accounts/login");
        await member.FillLoginAsync(member.Email);
        await member.SeesAsync("Address or password is not right.");
    }

    [Fact]
    public async Task What_takes_a_fresh_login_goes_there_and_comes_back_to_the_same_form()
    {
        await using var member = await zone.MemberAsync();
        await zone.AgeLoginAsync(member, TimeSpan.FromMinutes(20));

        await member.OpenAsync("/accounts/keys/new");
        await member.Page.FillAsync("input[name=name]", "kept on the way");
        await member.Page.CheckAsync("input[name=scope][value='novaid.write']");
        await member.Page.ClickAsync("button:has-text('Make the key')");
        await member.SeesAsync("You logged in a while ago.");
        await member.Page.ClickAsync("text=Confirm that it is me");
        await member.ConfirmAsync();

        await member.ArrivesAsync("**/accounts/keys/new?**");
        Assert.Equal("kept on the way", await member.Page.InputValueAsync("input[name=name]"));
        Assert.True(await member.Page.IsCheckedAsync("input[name=scope][value='novaid.write']"));
        await member.Page.ClickAsync("button:has-text('Make the key')");
        await member.SeesAsync("Your new API key");
    }
}
