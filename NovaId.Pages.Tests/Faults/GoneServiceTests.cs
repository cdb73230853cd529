using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;
using NovaId.Pages.Tests.Browsers;
using NovaId.Pages.Tests.OAuth2;

namespace NovaId.Pages.Tests.Faults;

/// <summary>Somebody is on a page, and a service behind it goes.</summary>
public abstract class GoneServiceTests(FaultyBrowserZone zone)
{
    private const string Send = "button[name=method][value=password]";
    private const string Unanswered =
        "The service that takes this form does not answer. Nothing was sent, and what you entered is still here. Wait a moment, then try again.";

    [Theory]
    [InlineData("kratos", "/accounts/", false)]
    [InlineData("kratos", "/accounts/", true)]
    [InlineData("kratos", "/accounts/keys", false)]
    [InlineData("kratos", "/accounts/login?flow=0b6f0f4e-6f0c-4a53-9c0e-0a7d5b1f2c3d", true)]
    [InlineData("kratos", "/accounts/login?return_to=/accounts/keys", false)]
    [InlineData("kratos", "/accounts/login?return_to=/accounts/keys", true)]
    [InlineData("kratos", "/accounts/registration", true)]
    [InlineData("kratos", "/accounts/settings", true)]
    [InlineData("kratos", "/admin/people", false)]
    [InlineData("kratos", "/admin/people", true)]
    [InlineData("kratos", "/admin/log", true)]
    [InlineData("api", "/accounts/keys", false)]
    [InlineData("api", "/accounts/sessions", true)]
    [InlineData("api", "/admin/people", false)]
    [InlineData("api", "/admin/log", true)]
    [InlineData("hydra", "/accounts/consent?consent_challenge=x", false)]
    [InlineData("hydra", "/accounts/consent?consent_challenge=x", true)]
    [InlineData("gateway", "/accounts/", false)]
    [InlineData("gateway", "/accounts/keys", true)]
    [InlineData("gateway", "/admin/people", false)]
    [InlineData("gateway", "/admin/log", true)]
    public async Task The_page_says_so_in_time_and_shows_nothing_of_the_inside(string service, string path, bool hangs)
    {
        await using var general = await zone.OfficerAsync("General");
        var clock = Stopwatch.StartNew();
        await general.OpenAsync("/accounts/gone");
        var hop = clock.Elapsed;

        await WithoutAsync(service, hangs, async () =>
        {
            clock.Restart();
            var answer = await general.OpenAsync(path);
            var took = clock.Elapsed;
            Assert.Equal(503, answer.Status);
            await SaysSoAsync(general, service);
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(3) + (20 * hop));
        });

        await general.Page.ClickAsync("main a.button");
        await Assertions.Expect(general.Page.Locator("h1")).Not.ToHaveTextAsync("Not available right now");
    }

    [Theory]
    [InlineData("api", false, true)]
    [InlineData("api", false, false)]
    [InlineData("api", true, true)]
    [InlineData("gateway", false, true)]
    [InlineData("kratos", false, false)]
    [InlineData("kratos", true, false)]
    public async Task A_change_of_a_rank_is_kept_and_sent_again(string service, bool hangs, bool javaScript)
    {
        await using var general = await zone.OfficerAsync("General", javaScript);
        var (id, _) = await zone.NewPersonAsync();
        await general.OpenAsync($"/admin/people/{id}");
        await general.Page.SelectOptionAsync("select[name=rank]", "Captain");
        if (service is "kratos" or "gateway")
        {
            // Who that is, is asked before a form is handed on: nothing that answers has seen it, and the browser still has it.
            await WithoutAsync(service, hangs, async () =>
            {
                await general.Page.ClickAsync("button:has-text('Change the rank')");
                await SaysSoAsync(general, service);
            });
            await general.Page.GoBackAsync();
            Assert.Equal("Captain", await general.Page.InputValueAsync("select[name=rank]"));
            await general.Page.ClickAsync("button:has-text('Change the rank')");
        }
        else
        {
            await WithoutAsync(service, hangs, async () =>
            {
                await general.Page.ClickAsync("button:has-text('Change the rank')");
                await SaysSoAsync(general, service);
                await general.SeesAsync("What you entered is kept on this page.");
                await general.IsAccessibleAsync(javaScript);
                // Still gone, still kept.
                await general.Page.ClickAsync("text=Send it again");
                await SaysSoAsync(general, service);
            });
            await general.Page.ClickAsync("text=Send it again");
        }

        await general.SeesAsync("The rank is now Captain.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_was_described_is_not_described_again(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await member.OpenAsync("/accounts/keys/new");
        await member.Page.FillAsync("input[name=name]", "kept");
        await member.Page.CheckAsync("input[name=scope][value='novaid.write']");
        await WithoutAsync("api", hangs: false, async () =>
        {
            await member.Page.ClickAsync("button:has-text('Make the key')");
            await member.SeesAsync("The service did not answer in time.");
        });
        Assert.Equal("kept", await member.Page.InputValueAsync("input[name=name]"));
        Assert.True(await member.Page.IsCheckedAsync("input[name=scope][value='novaid.write']"));
        await member.Page.ClickAsync("button:has-text('Make the key')");
        await member.SeesAsync("Your new API key");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_ticked_for_an_application_is_not_ticked_again(bool javaScript)
    {
        await using var member = await zone.MemberAsync(javaScript);
        await using var third = await ThirdParty.StartAsync();
        member.OtherHosts.Add(third.Address.Authority);
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync("Patient", third.Callback), third.Callback, "openid email novaid.read");
        await member.OpenAsync(request.Address);
        await member.ConfirmAsync();
        await member.Page.UncheckAsync("input[name=scope][value=email]");
        await member.Page.UncheckAsync("input[name=remember]");
        await WithoutAsync("hydra", hangs: false, async () =>
        {
            await member.Page.ClickAsync("button[value=allow]");
            await SaysSoAsync(member, "hydra");
        });
        await member.Page.ClickAsync("main a.button");
        Assert.False(await member.Page.IsCheckedAsync("input[name=scope][value=email]"));
        Assert.True(await member.Page.IsCheckedAsync("input[name=scope][value='novaid.read']"));
        Assert.False(await member.Page.IsCheckedAsync("input[name=remember]"));
        await member.Page.ClickAsync("button[value=allow]");
        var token = await request.AccessTokenAsync(zone.Operator, (await request.ReturnAsync(member))["code"]);
        Assert.Equal("openid novaid.read", (await zone.Operator.IntrospectAsync(token)).GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("login", false)]
    [InlineData("login", true)]
    [InlineData("registration", false)]
    [InlineData("registration", true)]
    [InlineData("settings", false)]
    [InlineData("settings", true)]
    public async Task A_form_of_Kratos_says_so_in_time_and_keeps_what_was_entered(string flow, bool hangs)
    {
        var entered = new Dictionary<string, string> { ["password"] = $"another horse {Guid.NewGuid():N}" };
        await using var visitor = flow == "settings" ? await zone.MemberAsync() : await zone.VisitAsync();
        if (flow == "login")
        {
            entered = new() { ["identifier"] = (await zone.NewPersonAsync()).Email, ["password"] = BrowserZone.Password };
        }
        else if (flow == "registration")
        {
            entered["traits.email"] = zone.NewEmail();
            entered["traits.name.first"] = "Grace";
        }

        var clock = Stopwatch.StartNew();
        await visitor.OpenAsync("/accounts/gone");
        var hop = clock.Elapsed;
        await visitor.OpenAsync($"/accounts/{flow}");
        var (form, address) = (visitor.Page.Locator($"form:has({Send})"), visitor.Page.Url);
        foreach (var (name, value) in entered)
        {
            await form.Locator($"input[name='{name}']").FillAsync(value);
        }

        var sent = CountSent(visitor);
        await WithoutAsync("kratos", hangs, async () =>
        {
            // Once more, and it still says so, once.
            for (var i = 0; i < 2; i++)
            {
                clock.Restart();
                await form.Locator(Send).ClickAsync();
                await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToBeFocusedAsync(new() { Timeout = 30_000 });
                Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3) + (20 * hop));
                await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToHaveTextAsync(Unanswered);
                foreach (var (name, value) in entered)
                {
                    Assert.Equal(value, await form.Locator($"input[name='{name}']").InputValueAsync());
                }

                await form.Locator("input[name=password]").FocusAsync();
            }

            await visitor.IsAccessibleAsync();
        });
        Assert.Equal(address, visitor.Page.Url);
        Assert.Empty(sent);

        await form.Locator(Send).ClickAsync();
        if (flow == "settings")
        {
            await visitor.SeesAsync("Your changes are saved.");
        }
        else
        {
            await visitor.ArrivesAsync("**/accounts/");
            Assert.Equal(flow == "login" ? "Hello, Vera" : "Hello, Grace", await visitor.HeadingAsync());
        }

        Assert.Single(sent);
    }

    [Fact]
    public async Task A_form_of_Kratos_for_an_application_says_so_where_Hydra_is_gone()
    {
        await using var visitor = await zone.VisitAsync();
        await using var third = await ThirdParty.StartAsync();
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync("Waiting", third.Callback), third.Callback, "openid");
        var (_, email) = await zone.NewPersonAsync();
        await visitor.OpenAsync(request.Address);
        var sent = CountSent(visitor);
        await WithoutAsync("hydra", hangs: false, async () =>
        {
            await visitor.FillLoginAsync(email);
            await visitor.SeesAsync(Unanswered);
            Assert.Equal(BrowserZone.Password, await visitor.Page.InputValueAsync("input[name=password]"));
        });
        Assert.Empty(sent);
        await visitor.Page.ClickAsync(Send);
        await visitor.ReachesAsync("Let Waiting in?");
    }

    [Fact]
    public async Task A_form_of_Kratos_says_so_where_the_gateway_is_gone()
    {
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenAsync("/accounts/login");
        await visitor.Context.SetOfflineAsync(true);
        await visitor.FillLoginAsync((await zone.NewPersonAsync()).Email);
        await visitor.SeesAsync(Unanswered);
        Assert.Equal(BrowserZone.Password, await visitor.Page.InputValueAsync("input[name=password]"));
        await visitor.Context.SetOfflineAsync(false);
        await visitor.Page.ClickAsync(Send);
        await visitor.ArrivesAsync("**/accounts/");
    }

    [Fact]
    public async Task A_form_of_Kratos_is_sent_once_however_often_somebody_presses()
    {
        await using var visitor = await zone.VisitAsync();
        await visitor.OpenAsync("/accounts/login");
        var answer = new TaskCompletionSource();
        var questions = 0;
        await visitor.Page.RouteAsync("**/self-service/login/flows?id=*", async route =>
        {
            Interlocked.Increment(ref questions);
            await answer.Task;
            await route.ContinueAsync();
        });
        var sent = CountSent(visitor);
        await visitor.FillLoginAsync((await zone.NewPersonAsync()).Email);
        await visitor.Page.ClickAsync(Send);
        await visitor.Page.PressAsync("input[name=password]", "Enter");
        Assert.Empty(sent);
        answer.SetResult();
        await visitor.ArrivesAsync("**/accounts/");
        Assert.Single(sent);
        Assert.Equal(1, questions);
    }

    [Fact]
    public async Task A_passkey_is_asked_for_again_when_Kratos_is_again()
    {
        await using var member = await zone.MemberAsync();
        var authenticator = await VirtualAuthenticator.AddAsync(member);
        await member.OpenAsync("/accounts/settings");
        await member.Page.ClickAsync("#passkey button[type=button]");
        await member.SeesAsync("Your changes are saved.");
        await member.LogOutAsync();
        var sent = CountSent(member);
        await authenticator.OpenLoginAsync(member, "/accounts/login");
        await WithoutAsync("kratos", hangs: false, async () =>
        {
            await authenticator.PressAsync(member);
            await member.SeesAsync(Unanswered);
            // No password that is entered now goes along with the answer of a key.
            Assert.Equal("", await member.Page.InputValueAsync("input[name=passkey_login]"));
        });
        Assert.Empty(sent);
        await authenticator.PressAsync(member);
        await member.ArrivesAsync("**/accounts/");
        Assert.Single(sent);
    }

    [Fact]
    public async Task A_form_of_Kratos_is_still_there_when_Kratos_is_again_without_scripts()
    {
        await using var member = await zone.MemberAsync(javaScript: false);
        await member.OpenAsync("/accounts/settings");
        await member.Page.FillAsync("#profile input[name='traits.name.first']", "Grace");
        await WithoutAsync("kratos", hangs: false, async () =>
        {
            // The form goes straight to Kratos, so the gateway answers for it, and the browser says what it makes of that.
            var answer = await member.Page.RunAndWaitForResponseAsync(
                () => member.Page.ClickAsync("#profile button[type=submit]"), response => response.Request.Method == "POST");
            Assert.InRange(answer.Status, 502, 504);
        });
        await member.Page.GoBackAsync();
        Assert.Equal("Grace", await member.Page.InputValueAsync("#profile input[name='traits.name.first']"));
        await member.Page.ClickAsync("#profile button[type=submit]");
        await member.SeesAsync("Your changes are saved.");
        await member.OpenAsync("/accounts/");
        Assert.Equal("Hello, Grace", await member.HeadingAsync());
    }

    /// <summary>Does something while a service is gone, and waits until it is back.</summary>
    private async Task WithoutAsync(string service, bool hangs, Func<Task> act)
    {
        zone.Switches.Fail(service, hangs);
        try
        {
            await act();
        }
        finally
        {
            zone.Switches.RestoreAll();
        }

        await using var probe = await zone.VisitAsync();
        await probe.OpenAsync("/accounts/");
    }

    /// <summary>The forms that leave a visitor's browser from now on.</summary>
    private static ConcurrentQueue<string> CountSent(BrowserVisitor visitor)
    {
        var sent = new ConcurrentQueue<string>();
        visitor.Page.Request += (_, request) =>
        {
            if (request.Method == "POST")
            {
                sent.Enqueue(request.Url);
            }
        };
        return sent;
    }

    private static async Task SaysSoAsync(BrowserVisitor visitor, string service)
    {
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Not available right now");
        var page = await visitor.Page.ContentAsync();
        Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        Assert.DoesNotContain(service + ":", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("127.0.0.1", page, StringComparison.Ordinal);
    }
}
