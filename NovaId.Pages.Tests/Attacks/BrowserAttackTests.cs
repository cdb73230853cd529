using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NovaId.Accounts.Hydra;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.OAuth2;

namespace NovaId.Pages.Tests.Attacks;

/// <summary>What another site, another person or a forged link tries with somebody who is logged in.</summary>
public abstract class BrowserAttackTests(BrowserZone zone)
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
        using var http = new HttpClient { BaseAddress = zone.Address };
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

    [Theory]
    [InlineData("/accounts/keys")]
    [InlineData("/accounts/login")]
    [InlineData("/admin/people")]
    public async Task No_page_is_shown_in_a_frame(string path)
    {
        await using var member = await zone.OfficerAsync("General");
        await using var evil = await ThirdParty.StartAsync($"<iframe name=inner src='{new Uri(zone.Address, path)}'></iframe>");
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
        await member.ReachesAsync("Let <b onmouseover=alert(1)>Trusted</b> in?");
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
    public async Task A_script_in_a_document_s_title_is_text_and_reaches_no_page_but_as_a_file()
    {
        const string Script = "<script>document.title='stolen'</script><img src=x onerror=alert(1)>";
        await using var general = await zone.OfficerAsync("General");
        var made = await general.Context.APIRequest.PostAsync(
            new Uri(zone.Address, "/api/documents").ToString(), new APIRequestContextOptions { DataObject = new { title = Script, content = Script } });
        Assert.Equal(201, made.Status);
        var id = (await made.JsonAsync())!.Value.GetProperty("id").GetString()!;
        foreach (var path in (string[])["/admin/log", $"/admin/why?who={general.Email}&what=Document:view&document={id}", "/accounts/data", "/accounts/"])
        {
            await general.OpenAsync(path);
            Assert.NotEqual("stolen", await general.Page.TitleAsync());
            Assert.Equal(0, await general.Page.Locator("main script, main img").CountAsync());
        }

        // The one place where the title comes out as it is: as a file, which no browser opens as a page.
        await general.OpenAsync("/accounts/data");
        var download = await general.Page.RunAndWaitForDownloadAsync(() => general.Page.ClickAsync("button:has-text('Download')"));
        Assert.EndsWith(".json", download.SuggestedFilename, StringComparison.Ordinal);

        // The API's own answer, opened as a page, is JSON and nothing else.
        var answer = await general.OpenAsync($"/api/documents/{id}");
        Assert.StartsWith("application/json", await answer.HeaderValueAsync("Content-Type") ?? "", StringComparison.Ordinal);
        Assert.Equal("nosniff", await answer.HeaderValueAsync("X-Content-Type-Options"));
        Assert.NotEqual("stolen", await general.Page.TitleAsync());
    }

    [Fact]
    public async Task An_application_s_addresses_lead_nowhere_but_to_the_web()
    {
        await using var member = await zone.MemberAsync();
        await using var third = await ThirdParty.StartAsync();
        member.OtherHosts.Add(third.Address.Authority);
        // Hydra registers no other, and a page would show none.
        foreach (var address in (string[])["javascript:alert(1)", "data:text/html,<script>alert(1)</script>"])
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => zone.Operator.CreateApplicationAsync("Bait", third.Callback, more: new() { ["client_uri"] = address }));
            Assert.StartsWith("400", refused.Message, StringComparison.Ordinal);
            Assert.Null(OAuth2Application.SafeUri(address));
        }

        var application = await zone.Operator.CreateApplicationAsync(
            "Bait", third.Callback, more: new() { ["client_uri"] = "https://evil.example/\"><script>alert(1)</script>", ["tos_uri"] = "https://evil.example/terms" });
        var request = new AuthorizationRequest(application, third.Callback, "openid novaid.read");
        await member.OpenAsync(request.Address);
        await member.ConfirmAsync();
        await member.ReachesAsync("Let Bait in?");
        await OnlyTheWebAsync();
        Assert.Equal("noreferrer", await member.Page.GetAttributeAsync("a[href^='https://evil.example/']", "rel"));
        await member.Page.ClickAsync("button[value=allow]");
        await request.ReturnAsync(member);
        await member.OpenAsync("/accounts/applications");
        await member.SeesAsync("Bait");
        await OnlyTheWebAsync();

        async Task OnlyTheWebAsync() => Assert.All(
            await member.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].map(link => link.protocol)"),
            protocol => Assert.True(protocol is "http:" or "https:", protocol));
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://127.0.0.1:9/elsewhere")]
    public async Task Nobody_is_led_to_an_address_that_the_application_did_not_register(string address)
    {
        await using var member = await zone.MemberAsync();
        var application = await zone.Operator.CreateApplicationAsync("Lured", "http://127.0.0.1:9/callback");
        await member.OpenAsync(new AuthorizationRequest(application, address, "openid").Address);
        Assert.StartsWith(new Uri(zone.Address, "/accounts/error").AbsoluteUri, member.Page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await member.Page.Locator($"a[href^='{address}']").CountAsync());

        await member.OpenAsync($"/oauth2/sessions/logout?post_logout_redirect_uri={Uri.EscapeDataString(address)}");
        Assert.Equal(zone.Address.Authority, new Uri(member.Page.Url).Authority);
    }

    [Fact]
    public async Task A_consent_link_sent_to_somebody_else_does_nothing()
    {
        await using var attacker = await zone.MemberAsync();
        await using var third = await ThirdParty.StartAsync();
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync("Trap", third.Callback), third.Callback, "openid novaid.read");
        await attacker.OpenAsync(request.Address);
        await attacker.ConfirmAsync();
        await attacker.ReachesAsync("Let Trap in?");
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
        await visitor.FillLoginAsync((await zone.NewPersonAsync()).Email);
        await Assertions.Expect(visitor.Page).Not.ToHaveURLAsync(new Regex("/login|/self-service/"), new() { Timeout = 30_000 });
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
        for (var back = 0; back < 3; back++)
        {
            await member.Page.GoBackAsync();
            Assert.DoesNotContain("Vera", await member.Page.ContentAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain(member.Email, await member.Page.ContentAsync(), StringComparison.Ordinal);
        }
    }
}
