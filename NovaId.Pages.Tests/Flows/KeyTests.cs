using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Flows;

/// <summary>API keys in the browser.</summary>
public abstract class KeyTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_is_made_its_secret_is_shown_once_and_it_is_revoked(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/keys");
        await member.Page.ClickAsync("text=New API key");
        await member.Page.FillAsync("input[name=name]", "nightly report");
        await member.Page.CheckAsync("input[name=scope][value='novaid.read']");
        await member.Page.ClickAsync("button:has-text('Make the key')");
        var secret = await member.Page.Locator("#client-secret").InnerTextAsync();
        Assert.True(secret.Length > 20);

        await member.Page.ClickAsync("text=I have stored it");
        await member.SeesAsync("nightly report");
        Assert.DoesNotContain(secret, await member.Page.ContentAsync(), StringComparison.Ordinal);

        await member.Page.ClickAsync("summary:has-text('Revoke')");
        await member.Page.ClickAsync("button:has-text('Revoke now')");
        await member.SeesAsync("The key is revoked.");
        await member.SeesAsync("You have no API keys.");
    }

    [Fact]
    public async Task A_form_that_is_not_right_comes_back_with_what_was_entered()
    {
        await using var member = await zone.MemberAsync();
        await member.OpenAsync("/accounts/keys/new");
        await member.Page.FillAsync("input[name=name]", "kept");
        await member.Page.UncheckAsync("input[name=scope][value='novaid.read']");
        await member.Page.ClickAsync("button:has-text('Make the key')");
        await member.SeesAsync("Choose at least one");
        Assert.Equal("kept", await member.Page.InputValueAsync("input[name=name]"));
    }
}
