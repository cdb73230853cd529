using System.Net;
using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.OAuth2;

namespace NovaId.Pages.Tests.Attacks;

/// <summary>What another site, another person or a forged link tries with somebody who is logged in.</summary>
public sealed class BrowserAttackTests(BrowserZone zone)
{
    [Theory]
    [InlineData("/accounts/keys/new", "name=stolen&scope=novaid.read")]
    [InlineData("/accounts/sessions/others/end", "")]
    [InlineData("/accounts/logout", "")]
    [InlineData("/accounts/delete", "email=x")]
    public async Task A_form_of_another_site_is_refused(string path, string fields)
    {
        await using var member = await zone.MemberAsync();
        var inputs = string.Concat(fields.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split('='))
            .Select(field => $"<input name='{field[0]}' value='{field[1]}'>"));
        await using var evil = await ThirdParty.StartAsync($"<form method=post action='{new Uri(zone.Address, path)}'>{inputs}<button>Win</button></form>");
        member.OtherHosts.Add(evil.Address.Authority);
        await member.Page.GotoAsync(evil.Address.ToString());
        var answer = await member.Page.RunAndWaitForResponseAsync(
            () => member.Page.ClickAsync("button"), response => response.Request.Method == "POST");
        Assert.Equal(403, answer.Status);
        await member.SeesAsync("This form came from somewhere else");
        await member.OpenAsync("/accounts/");
        await member.SeesAsync("Hello, Vera");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("cross-site", null)]
    [InlineData("same-site", null)]
    [InlineData("none", null)]
    [InlineData(null, "null")]
    [InlineData(null, "http://127.0.0.1:3000")]
    [InlineData("same-origin", "http://127.0.0.1:3000")]
    public async Task A_form_that_does_not_say_it_is_from_here_is_refused(string? site, string? origin)
    {
        await zone.EnsureReadyAsync();
        using var http = new HttpClient { BaseAddress = zone.Zone.Gateway };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/accounts/logout") { Content = new FormUrlEncodedContent([]) };
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task No_page_is_shown_in_a_frame()
    {
        await using var member = await zone.MemberAsync();
        await using var evil = await ThirdParty.StartAsync($"<iframe name=inner src='{new Uri(zone.Address, "/accounts/keys")}'></iframe>");
        member.OtherHosts.Add(evil.Address.Authority);
        await member.Page.GotoAsync(evil.Address.ToString());
        await member.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var frame = member.Page.Frame("inner")!;
        Assert.DoesNotContain("NovaId", await frame.ContentAsync(), StringComparison.Ordinal);
        Assert.Contains(member.Complaints, complaint => complaint.Contains("frame-ancestors", StringComparison.Ordinal) || complaint.Contains("X-Frame-Options", StringComparison.Ordinal));
        member.ForgetComplaints();
    }

    [Fact]
    public async Task A_script_in_a_name_is_text_on_every_page()
    {
        const string Script = "<script>document.title='stolen'</script><img src=x onerror=alert(1)>";
        await using var visitor = await zone.VisitAsync();
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password, Script, "\"><svg onload=alert(2)>");
        await visitor.LogInAsync(email);
        foreach (var path in (string[])["/accounts/", "/accounts/settings", "/accounts/keys", "/accounts/logout"])
        {
            await visitor.OpenAsync(path);
            Assert.NotEqual("stolen", await visitor.Page.TitleAsync());
        }

        await visitor.OpenAsync("/accounts/");
        await visitor.SeesAsync(Script);
    }

    [Fact]
    public async Task A_script_in_an_application_s_name_is_text()
    {
        await using var member = await zone.MemberAsync();
        await using var third = await ThirdParty.StartAsync();
        member.OtherHosts.Add(third.Address.Authority);
        var application = await zone.Operator.CreateApplicationAsync("<b onmouseover=alert(1)>Trusted</b>", third.Callback);
        await member.OpenAsync(new AuthorizationRequest(application, third.Callback, "openid").Address);
        await member.ConfirmAsync();
        Assert.Equal("Let <b onmouseover=alert(1)>Trusted</b> in?", await member.HeadingAsync());
    }

    [Fact]
    public async Task So_it_is_where_its_access_is_listed_and_where_it_asks_for_a_logout()
    {
        const string Name = "<script>document.title='stolen'</script>";
        await using var member = await zone.MemberAsync();
        await using var third = await ThirdParty.StartAsync();
        member.OtherHosts.Add(third.Address.Authority);
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync(Name, third.Callback), third.Callback, "openid");
        await member.OpenAsync(request.Address);
        await member.ConfirmAsync();
        await member.Page.ClickAsync("button[value=allow]");
        var tokens = await request.TokensAsync(zone.Operator, (await request.ReturnAsync(member))["code"]);

        await member.OpenAsync("/accounts/applications");
        await member.SeesAsync(Name);
        Assert.NotEqual("stolen", await member.Page.TitleAsync());
        var hint = Uri.EscapeDataString(tokens.GetProperty("id_token").GetString()!);
        await member.OpenAsync($"/oauth2/sessions/logout?id_token_hint={hint}&post_logout_redirect_uri={Uri.EscapeDataString(third.Callback)}");
        await member.SeesAsync(Name);
        Assert.NotEqual("stolen", await member.Page.TitleAsync());

        // The browser lets the form lead on to the application that asked.
        await member.Page.ClickAsync("button[value=yes]");
        await Assertions.Expect(member.Page).ToHaveURLAsync(third.Callback);
    }

    [Fact]
    public async Task A_consent_link_sent_to_somebody_else_does_nothing()
    {
        await using var attacker = await zone.MemberAsync();
        await using var third = await ThirdParty.StartAsync();
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync("Trap", third.Callback), third.Callback, "openid novaid.read");
        await attacker.OpenAsync(request.Address);
        await attacker.ConfirmAsync();
        var link = attacker.Page.Url;

        await using var victim = await zone.MemberAsync();
        var answer = await victim.OpenAsync(link);
        Assert.Equal(403, answer.Status);
        await victim.SeesAsync("This question is for somebody else");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/accounts/..//evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_away_by_return_to(string target)
    {
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenAsync($"/accounts/login?return_to={Uri.EscapeDataString(target)}");
        await visitor.FillLoginAsync("private@novaid.local");
        await visitor.Page.WaitForURLAsync("**/accounts/**");
        Assert.Equal(zone.Address.Authority, new Uri(visitor.Page.Url).Authority);
    }

    [Fact]
    public async Task Words_in_the_address_of_an_error_are_not_shown()
    {
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenAsync("/accounts/error?error=invalid_request&error_description=Call+0900+555+now");
        Assert.DoesNotContain("0900", await visitor.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_back_button_shows_nothing_after_a_logout()
    {
        await using var member = await zone.MemberAsync();
        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("header button:has-text('Log out')");
        await member.SeesAsync("Log in to look after your account");
        await member.Page.GoBackAsync();
        Assert.DoesNotContain("Vera", await member.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
