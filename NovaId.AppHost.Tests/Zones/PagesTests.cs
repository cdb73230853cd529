using System.Net;
using Aspire.Hosting.Testing;
using NovaId.Contract;
using NovaId.Contract.Drivers;
using Reply = NovaId.Contract.Drivers.Reply;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>The pages for people, behind the real gateway: it finds them, and they find through it what they show.</summary>
public sealed class PagesTests(ContainerZone zone) : ZoneContract(zone)
{
    private const int Attempts = 20;

    [Theory]
    [InlineData("login")]
    [InlineData("registration")]
    [InlineData("recovery")]
    [InlineData("verification")]
    public async Task A_stranger_gets_the_form_of_each_flow_which_goes_to_Kratos(string name)
    {
        var (_, page) = await WalkAsync(NewBrowser(), $"/accounts/{name}");

        Assert.Matches($"""<form[^>]* action="[^"]*/self-service/{name}\?flow=""", page.Body);
    }

    [Fact]
    public async Task Whoever_is_logged_in_is_at_home_and_in_their_settings()
    {
        var person = await SharedPersonAsync();
        var browser = NewBrowser();
        await KratosFlows.LoginAsync(browser, person);

        Assert.Contains(person.Email, (await PageAsync(browser, "/accounts/", isLoggedIn: true)).Expect(200).Body, StringComparison.Ordinal);
        Assert.Matches("""<form[^>]* action="[^"]*/self-service/settings\?flow=""", (await WalkAsync(browser, "/accounts/settings")).Page.Body);
    }

    [Fact]
    public async Task An_application_is_let_in_on_a_page_that_asks_Hydra_as_its_own_client()
    {
        var person = await SharedPersonAsync();
        var flow = NewFlow(await Operator.CreateClientAsync());
        var challenge = Browser.Query(await flow.BeginAsync(), "login_challenge");
        var login = await KratosFlows.BeginAsync("login", flow.Browser, $"?login_challenge={Uri.EscapeDataString(challenge)}");
        var done = (await KratosFlows.SubmitLoginAsync(flow.Browser, login, person.Email, person.Password)).Expect(303);

        var (address, page) = await WalkAsync(flow.Browser, (await flow.Browser.FollowAsync(done)).PathAndQuery);

        Assert.Equal("/accounts/consent", address.AbsolutePath);
        Assert.Contains(Browser.Query(address, "consent_challenge"), page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_leads_whoever_logs_in_to_Hydra_as_its_own_client_and_to_the_login()
    {
        using var app = ((ContainerZone)Zone).Application.CreateHttpClient("demo", "http");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.BaseAddress! };
        Uri? authorize = null;
        var start = DateTimeOffset.UtcNow;
        for (var attempt = 0; authorize is null && attempt < Attempts; attempt++)
        {
            // Where the zone does not answer in time, as on a machine that is busy with its start, the page says so.
            using var begun = await client.GetAsync(new Uri("/login", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(begun.StatusCode is HttpStatusCode.Found or HttpStatusCode.ServiceUnavailable, $"{begun.StatusCode}");
            authorize = begun.Headers.Location;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }

        if (authorize is null)
        {
            Pace.Of(Zone.Gateway).SkipIfTooSlow(start, "the demo was 503 each time", Pace.LimitOfOneAnswer);
        }

        Assert.Equal(Zone.Gateway.Authority, authorize?.Authority);
        Assert.StartsWith(app.BaseAddress!.GetLeftPart(UriPartial.Authority), Browser.Query(authorize!, "redirect_uri"), StringComparison.Ordinal);
        Assert.Equal("/accounts/login", (await NewBrowser().FollowAsync(authorize!.PathAndQuery)).AbsolutePath);
    }

    [Fact]
    public async Task An_officer_sees_the_people_and_a_stranger_is_led_to_the_login()
    {
        var browser = NewBrowser();
        var (address, _) = await WalkAsync(browser, "/admin/people");
        Assert.Equal("/accounts/login", address.AbsolutePath);

        var general = await SharedPersonAsync("General");
        await KratosFlows.LoginAsync(browser, general);

        Assert.Contains("@", (await PageAsync(browser, "/admin/people", isLoggedIn: true)).Expect(200).Body, StringComparison.Ordinal);
        Assert.Equal("text/css", (await browser.GetAsync("/admin/assets/office.css")).Expect(200).ContentType);
    }

    /// <summary>On a machine that is busy with its start, the first answer of a page's program may be that the zone does not answer in time; and
    /// where Kratos does not, the gateway knows nobody and leads whoever is logged in to the login.</summary>
    private static async Task<Reply> PageAsync(Browser browser, string target, bool isLoggedIn = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await browser.GetAsync(target);
            if ((isLoggedIn ? reply.Status == 200 : reply.Status != 503) || attempt == Attempts)
            {
                return reply;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Follows every redirect, those of the pages too.</summary>
    private async Task<(Uri Address, Reply Page)> WalkAsync(Browser browser, string target)
    {
        for (var hop = 0; hop < 12; hop++)
        {
            var reply = await PageAsync(browser, target);
            if (reply.Status is not (302 or 303))
            {
                return (new Uri(Zone.Gateway, target), reply.Expect(200));
            }

            target = new Uri(Zone.Gateway, reply.Location).PathAndQuery;
        }

        throw new InvalidOperationException($"The redirects do not end: {target}.");
    }
}
