using System.Globalization;
using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Office;

/// <summary>The officers' pages in the browser, with scripts and without.</summary>
public abstract class OfficeTests(BrowserZone zone)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_is_not_logged_in_is_led_to_the_login_and_back_to_the_same_search(bool javaScript)
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.SetRankAsync(await zone.Operator.CreatePersonAsync(email, BrowserZone.Password), "Sergeant");
        await using var visitor = await zone.VisitAsync(javaScript);

        await visitor.OpenAsync("/admin/people?rank=Major");
        Assert.Contains("/accounts/login", visitor.Page.Url, StringComparison.Ordinal);
        await visitor.FillLoginAsync(email);

        await visitor.ArrivesAsync("**/admin/people?rank=Major");
        Assert.Equal("People", await visitor.HeadingAsync());
        Assert.Equal("Major", await visitor.Page.InputValueAsync("select[name=rank]"));
    }

    [Theory]
    [InlineData("/admin/")]
    [InlineData("/admin")]
    public async Task Whoever_is_not_logged_in_is_led_from_the_door_of_the_office_to_the_login_and_back(string door)
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.SetRankAsync(await zone.Operator.CreatePersonAsync(email, BrowserZone.Password), "Sergeant");
        await using var visitor = await zone.VisitAsync();

        await visitor.OpenAsync(door);
        await visitor.FillLoginAsync(email);

        await visitor.ReachesAsync("The office");
        await visitor.Page.ClickAsync("main a[href$='/people'], #content a[href$='/people']");
        Assert.Equal("People", await visitor.HeadingAsync());
    }

    [Theory]
    [InlineData("https://evil.example/admin/")]
    [InlineData("//evil.example/admin/")]
    [InlineData("http://evil.example/admin/people")]
    [InlineData("/\\evil.example/admin/")]
    [InlineData("javascript:alert(1)")]
    public async Task The_way_in_leads_to_no_other_site(string returnTo)
    {
        await using var member = await zone.MemberAsync();
        await member.OpenAsync($"/accounts/enter?return_to={Uri.EscapeDataString(returnTo)}");
        Assert.Equal(new Uri(zone.Address, "/accounts/").ToString(), member.Page.Url);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_general_finds_somebody_promotes_them_and_reads_it_in_the_log(bool javaScript)
    {
        await using var general = await zone.OfficerAsync("General", javaScript);
        var email = zone.NewEmail();
        var id = await zone.Operator.CreatePersonAsync(email, BrowserZone.Password, "Paula", "Promoted");

        await general.OpenAsync("/admin/people");
        await general.Page.FillAsync("input[name=email]", email);
        await general.Page.ClickAsync("main button:has-text('Find')");
        await general.Page.ClickAsync("text=Paula Promoted");
        await general.Page.SelectOptionAsync("select[name=rank]", "Captain");
        await general.Page.ClickAsync("button:has-text('Change the rank')");
        await general.SeesAsync("The rank is now Captain.");

        await general.OpenAsync("/admin/log");
        await general.SeesAsync($"/api/users/{id}/rank");
        await general.OpenAsync($"/admin/why?who={Uri.EscapeDataString(email)}&what=Capability:users.view:allow");
        await general.SeesAsync("Captain stands above Sergeant.");
        await general.SeesAsync("They are Captain.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_is_deactivated_is_out_at_once_and_gets_in_again_when_activated(bool javaScript)
    {
        await using var general = await zone.OfficerAsync("General", javaScript);
        var email = zone.NewEmail();
        var id = await zone.Operator.CreatePersonAsync(email, BrowserZone.Password);
        await using var member = await zone.VisitAsync(javaScript);
        await member.LogInAsync(email);

        await general.OpenAsync($"/admin/people/{id}");
        await general.Page.ClickAsync("summary:has-text('Deactivate')");
        await general.Page.ClickAsync("button:has-text('Deactivate this person')");
        await general.SeesAsync("This person is inactive now");
        await member.OpenAsync("/accounts/sessions");
        Assert.Contains("/accounts/login", member.Page.Url, StringComparison.Ordinal);

        await general.Page.ClickAsync("button:has-text('Activate this person')");
        await general.SeesAsync("This person is active again.");
        await member.FillLoginAsync(email);
        await member.ArrivesAsync("**/accounts/sessions");
    }

    [Fact]
    public async Task A_login_that_is_too_old_is_renewed_and_leads_back_to_the_same_form()
    {
        await zone.EnsureReadyAsync();
        var email = zone.NewEmail();
        await zone.Operator.SetRankAsync(await zone.Operator.CreatePersonAsync(email, BrowserZone.Password), "General");
        await using var general = await zone.VisitAsync();
        await general.LogInAsync(email);
        var id = await zone.Operator.CreatePersonAsync(zone.NewEmail(), BrowserZone.Password);
        await general.OpenAsync($"/admin/people/{id}");
        await zone.AgeLoginAsync(general, TimeSpan.FromHours(1));

        await general.Page.SelectOptionAsync("select[name=rank]", "Captain");
        await general.Page.ClickAsync("button:has-text('Change the rank')");
        await general.SeesAsync("Confirm that it is you");
        await general.Page.ClickAsync("text=Confirm that it is me");
        await general.FillLoginAsync(email);

        await general.ArrivesAsync($"**/admin/people/{id}?rank=Captain");
        await general.SeesAsync("Send the change again.");
        Assert.Equal("Captain", await general.Page.InputValueAsync("select[name=rank]"));
        await general.Page.ClickAsync("button:has-text('Change the rank')");
        await general.SeesAsync("The rank is now Captain.");
    }

    [Fact]
    public async Task A_recovery_code_is_shown_once()
    {
        await using var general = await zone.OfficerAsync("General");
        var id = await zone.Operator.CreatePersonAsync(zone.NewEmail(), BrowserZone.Password);
        await general.OpenAsync($"/admin/people/{id}");
        await general.Page.ClickAsync("button:has-text('Make a code')");
        Assert.Matches("^[0-9]{6}$", await general.Page.Locator(".secret").First.InnerTextAsync());
        await general.Page.ClickAsync("text=Back to the person");
        Assert.Equal(0, await general.Page.Locator(".secret").CountAsync());
    }

    [Fact]
    public async Task The_log_is_filtered_by_the_address_and_whole()
    {
        await using var general = await zone.OfficerAsync("General");
        await using var corporal = await zone.OfficerAsync("Corporal");
        await corporal.OpenAsync("/admin/people");
        await general.OpenAsync("/admin/log?allowed=false");
        Assert.Equal(0, await general.Page.Locator(".log .tag.good").CountAsync());
        await general.Page.Locator(".log summary").First.ClickAsync();
        Assert.Matches("^[0-9a-f]{32}$", await general.Page.Locator(".log details[open] dd:last-of-type code").InnerTextAsync());

        await general.OpenAsync("/admin/chain");
        await general.Page.ClickAsync("text=Check now");
        await general.SeesAsync("Every record is as it was written");
    }

    [Fact]
    public async Task The_figures_are_drawn_on_the_server()
    {
        await using var general = await zone.OfficerAsync("General", javaScript: false);
        await general.OpenAsync("/admin/statistics");
        var total = int.Parse(await general.Page.Locator(".number").First.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.GetCultureInfo("en-GB"));
        Assert.True(total > 0);
        Assert.True(await general.Page.Locator("svg.chart rect.bar").CountAsync() >= 2);
        Assert.Equal(0, await general.Page.Locator("script").CountAsync());
    }

    [Fact]
    public async Task A_script_in_a_name_or_in_the_name_of_a_key_is_text()
    {
        const string Script = "<script>document.title='stolen'</script><img src=x onerror=alert(1)>";
        await using var general = await zone.OfficerAsync("General");
        var email = zone.NewEmail();
        var id = await zone.Operator.CreatePersonAsync(email, BrowserZone.Password, Script, Script);
        await using (var owner = await zone.VisitAsync())
        {
            await owner.LogInAsync(email);
            var made = await owner.Context.APIRequest.PostAsync(
                new Uri(zone.Address, "/api/keys").ToString(),
                new APIRequestContextOptions { DataObject = new { name = Script, scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() } });
            Assert.Equal(201, made.Status);
        }

        foreach (var path in (string[])[$"/admin/people?email={Uri.EscapeDataString(email)}", $"/admin/people/{id}", "/admin/keys", $"/admin/why?who={id}&what=Rank:Major:atLeast"])
        {
            await general.OpenAsync(path);
            Assert.NotEqual("stolen", await general.Page.TitleAsync());
            Assert.Equal(0, await general.Page.Locator("main script, main img").CountAsync());
        }

        await general.OpenAsync($"/admin/people/{id}");
        await general.SeesAsync("<script>");
    }

    [Theory]
    [InlineData("/admin/keys/revoke", "key=x")]
    [InlineData("/admin/people/00000000-0000-4000-8000-000000000000/rank", "rank=General")]
    public async Task A_form_of_another_site_is_refused(string path, string field)
    {
        await using var general = await zone.OfficerAsync("General");
        var parts = field.Split('=');
        await using var evil = await ThirdParty.StartAsync(
            $"<form method=post action='{new Uri(zone.Address, path)}'><input name='{parts[0]}' value='{parts[1]}'><button>Win</button></form>");
        general.OtherHosts.Add(evil.Address.Authority);
        await general.Page.GotoAsync(evil.Address.ToString());
        await general.Page.ClickAsync("button");
        // Kratos' cookie is Lax: the form of another site comes without it, and the gateway asks who that is.
        await general.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.DoesNotContain("done=", general.Page.Url, StringComparison.Ordinal);
    }
}
