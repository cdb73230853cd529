using System.Net;
using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Demo;

/// <summary>What another site or another person tries with somebody who let the demo in.</summary>
public sealed class DemoAttackTests(EmulatorBrowserZone zone)
{
    [Theory]
    [InlineData("/renew", "")]
    [InlineData("/logout", "")]
    [InlineData("/calls/make-document", "title=stolen&content=x")]
    public async Task A_form_of_another_site_is_refused(string path, string fields)
    {
        await using var guest = await zone.GuestAsync();
        var inputs = string.Concat(fields.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split('='))
            .Select(field => $"<input name='{field[0]}' value='{field[1]}'>"));
        await using var evil = await ThirdParty.StartAsync($"<form method=post action='{new Uri(zone.Demo, path)}'>{inputs}<button>Win</button></form>");
        guest.OtherHosts.Add(evil.Address.Authority);
        await guest.Page.GotoAsync(evil.Address.ToString());
        var answer = await guest.Page.RunAndWaitForResponseAsync(() => guest.Page.ClickAsync("button"), response => response.Request.Method == "POST");
        Assert.Equal(403, answer.Status);
        await guest.SeesAsync("This form came from somewhere else");
        await guest.OpenDemoAsync(zone, "/calls/documents?send=now");
        await guest.SeesAsync("\"items\": []");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://localhost:4455")]
    [InlineData("null")]
    public async Task A_form_that_does_not_come_from_the_demo_s_own_pages_is_refused(string? origin)
    {
        await zone.EnsureReadyAsync();
        using var http = new HttpClient { BaseAddress = zone.Demo };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/logout") { Content = new FormUrlEncodedContent([]) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_script_in_a_document_s_title_is_text()
    {
        const string Script = "<script>document.title='stolen'</script><img src=x onerror=alert(1)>";
        await using var guest = await zone.GuestAsync();
        var id = await guest.MakeDocumentAsync(zone, Script);
        foreach (var path in (string[])["/calls/documents?send=now", $"/calls/document?id={id}&send=now", $"/calls/change-document?id={id}"])
        {
            await guest.OpenDemoAsync(zone, path);
            Assert.NotEqual("stolen", await guest.Page.TitleAsync());
            Assert.Contains("<script>", await guest.Page.Locator("main").InnerTextAsync() + await guest.Page.Locator("input[name=title]").EvaluateAllAsync<string>("fields => fields.map(field => field.value).join()"), StringComparison.Ordinal);
            Assert.Equal(0, await guest.Page.Locator("main script, main img").CountAsync());
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("~/evil")]
    public async Task Nobody_is_led_away_by_return_to(string target)
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenDemoAsync(zone, $"/login?return_to={Uri.EscapeDataString(target)}");
        await visitor.FillLoginAsync(email);
        await visitor.Page.ClickAsync("button[value=allow]");
        await visitor.SeesAsync("Hello, Vera Visitor");
        Assert.Equal(zone.Demo, new Uri(visitor.Page.Url));
    }

    [Fact]
    public async Task Somebody_who_was_led_to_the_login_comes_back_to_the_page_they_wanted()
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenDemoAsync(zone, "/calls/me?send=now");
        await visitor.Page.ClickAsync("text=Continue with NovaId");
        await visitor.FillLoginAsync(email);
        await visitor.Page.ClickAsync("button[value=allow]");
        await visitor.SeesAsync("The caller, as the API sees it");
        Assert.Equal($"{zone.Demo}calls/me?send=now", visitor.Page.Url);
    }

    /// <summary>Somebody else's question, answered by the victim: the code goes to a browser that never asked.</summary>
    [Fact]
    public async Task A_consent_link_sent_to_somebody_else_logs_nobody_in()
    {
        await using var attacker = await zone.VisitAsync();
        await attacker.OpenDemoAsync(zone);
        var asked = await attacker.Page.RunAndWaitForRequestAsync(
            () => attacker.Page.ClickAsync("text=Continue with NovaId"), request => request.Url.Contains("/oauth2/auth?", StringComparison.Ordinal));

        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await using var victim = await zone.VisitAsync();
        victim.OtherHosts.Add(zone.Demo.Authority);
        await victim.OpenAsync(asked.Url);
        await victim.FillLoginAsync(email);
        await victim.Page.ClickAsync("button[value=allow]");
        await Assertions.Expect(victim.Page.Locator("h1")).ToHaveTextAsync("This answer belongs to another login");
        Assert.DoesNotContain(await victim.Context.CookiesAsync(), cookie => cookie.Name == "novaid-demo");
        await victim.IsAccessibleAsync();
    }

    /// <summary>The attacker's own answer, opened by the victim, who would work in the attacker's account.</summary>
    [Fact]
    public async Task An_answer_of_somebody_else_logs_nobody_in()
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await using var attacker = await zone.AskedAsync(email);
        var answer = await attacker.Page.RunAndWaitForRequestAsync(
            () => attacker.Page.ClickAsync("button[value=allow]"), request => request.Url.Contains("/signin?", StringComparison.Ordinal));

        await using var victim = await zone.VisitAsync();
        var page = await victim.OpenDemoAsync(zone, new Uri(answer.Url).PathAndQuery);
        Assert.Equal(400, page.Status);
        Assert.Equal("This answer belongs to another login", await victim.HeadingAsync());
        Assert.Empty(await victim.Context.CookiesAsync([zone.Demo.ToString()]));
    }

    [Fact]
    public async Task No_page_is_shown_in_a_frame()
    {
        await using var guest = await zone.GuestAsync();
        await using var evil = await ThirdParty.StartAsync($"<iframe name=inner src='{new Uri(zone.Demo, "/calls")}'></iframe>");
        guest.OtherHosts.Add(evil.Address.Authority);
        await guest.Page.GotoAsync(evil.Address.ToString());
        await guest.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.DoesNotContain("NovaId", await guest.Page.Frame("inner")!.ContentAsync(), StringComparison.Ordinal);
        guest.ForgetComplaints();
    }

    [Fact]
    public async Task Words_in_the_address_of_an_answer_are_not_shown()
    {
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenDemoAsync(zone, "/signin?error=invalid_request&error_description=Call+0900+555+now&state=x");
        Assert.DoesNotContain("0900", await visitor.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_back_button_shows_nothing_after_a_logout()
    {
        await using var guest = await zone.GuestAsync();
        await guest.OpenDemoAsync(zone, "/claims");
        await guest.Page.ClickAsync("header button:has-text('Log out')");
        await guest.Page.ClickAsync("button[value=yes]");
        await guest.SeesAsync("You are logged out, here and at NovaId.");
        await guest.OpenDemoAsync(zone, "/claims");
        await guest.Page.GoBackAsync();
        Assert.DoesNotContain("Vera", await guest.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
