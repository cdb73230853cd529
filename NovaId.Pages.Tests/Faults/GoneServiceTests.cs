using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using NovaId.Emulator;
using NovaId.Pages.Gateway;

namespace NovaId.Pages.Tests.Faults;

/// <summary>Somebody is on a page, and a service behind it goes.</summary>
public sealed class GoneServiceTests
{
    private const string Password = "correct horse 42 battery";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kratos", "/accounts/", false)]
    [InlineData("kratos", "/accounts/", true)]
    [InlineData("kratos", "/accounts/keys", false)]
    [InlineData("kratos", "/accounts/login?flow=0b6f0f4e-6f0c-4a53-9c0e-0a7d5b1f2c3d", true)]
    [InlineData("api", "/accounts/keys", false)]
    [InlineData("api", "/accounts/keys", true)]
    [InlineData("hydra", "/accounts/consent?consent_challenge=x", false)]
    [InlineData("hydra", "/accounts/consent?consent_challenge=x", true)]
    public async Task The_page_says_so_in_time_and_shows_nothing_of_the_inside(string service, string path, bool hangs)
    {
        await using var switches = new ServiceSwitches();
        var options = new EmbeddedZoneOptions
        {
            GatewayPort = 0,
            ApiPort = 0,
            DemoPort = 0,
            Password = Password,
            LogLevel = LogLevel.None,
            Interpose = switches.InterposeAsync,
            ApiUpstream = switches.StandBeforeApi,
        };
        await using var zone = await EmbeddedZone.StartAsync(options, Cancellation);
        await zone.PagesReady;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = zone.Gateway };
        var cookie = await LogInAsync(http);
        var hop = Stopwatch.StartNew();
        using (await http.GetAsync("/accounts/gone", Cancellation))
        {
            hop.Stop();
        }

        switches.Fail(service, hangs);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        var clock = Stopwatch.StartNew();
        using var answer = await http.SendAsync(request, Cancellation);
        var took = clock.Elapsed;
        var page = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Not available right now", page, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        Assert.DoesNotContain(service + ":", page, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", page, StringComparison.Ordinal);
        Assert.InRange(took, TimeSpan.Zero, GatewayClient.TotalLimit + TimeSpan.FromMilliseconds(500) + (20 * hop.Elapsed));
    }

    private static async Task<string> LogInAsync(HttpClient http)
    {
        using var begun = await http.GetAsync("/.ory/kratos/public/self-service/login/browser");
        var csrf = begun.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]).ToList();
        using var read = new HttpRequestMessage(HttpMethod.Get, begun.Headers.Location!.PathAndQuery.Replace("/accounts/login?flow=", "/.ory/kratos/public/self-service/login/flows?id=", StringComparison.Ordinal));
        read.Headers.Add("Cookie", string.Join("; ", csrf));
        using var flow = System.Text.Json.JsonDocument.Parse(await (await http.SendAsync(read)).Content.ReadAsStringAsync());
        var ui = flow.RootElement.GetProperty("ui");
        var token = ui.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("attributes"))
            .First(node => node.TryGetProperty("name", out var name) && name.GetString() == "csrf_token").GetProperty("value").GetString()!;
        using var send = new HttpRequestMessage(HttpMethod.Post, ui.GetProperty("action").GetString())
        {
            Content = new FormUrlEncodedContent([new("csrf_token", token), new("method", "password"), new("identifier", "captain@novaid.local"), new("password", Password)]),
        };
        send.Headers.Add("Cookie", string.Join("; ", csrf));
        using var done = await http.SendAsync(send);
        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        return string.Join("; ", csrf.Concat(done.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
    }
}
