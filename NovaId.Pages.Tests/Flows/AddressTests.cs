using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.Flows;

/// <summary>The zone has one name, and whoever came by the address of this machine is led to it.</summary>
public abstract class AddressTests(BrowserZone zone)
{
    [Theory]
    [InlineData("/", "/accounts/")]
    [InlineData("/accounts/error?error=access_denied&state=a%20b", "/accounts/error?error=access_denied&state=a%20b")]
    [InlineData("/accounts/nothing-here", "/accounts/nothing-here")]
    public async Task A_browser_that_came_by_address_is_led_to_the_name(string path, string ends)
    {
        await using var visitor = await zone.VisitAsync();
        visitor.OtherHosts.Add(ByAddress.Authority);
        await visitor.OpenAsync(new Uri(ByAddress, path).AbsoluteUri);
        Assert.Equal(new Uri(zone.Address, ends).AbsoluteUri, visitor.Page.Url);
    }

    [Theory]
    [InlineData("/accounts/keys/new")]
    [InlineData("/admin/people?rank=Major")]
    public async Task Whoever_logs_in_on_the_way_ends_where_they_wanted_to(string path)
    {
        var (_, email) = await zone.NewPersonAsync("Sergeant");
        await using var visitor = await zone.VisitAsync();
        visitor.OtherHosts.Add(ByAddress.Authority);
        await visitor.OpenAsync(new Uri(ByAddress, path).AbsoluteUri);
        Assert.Equal(zone.Address.Authority, new Uri(visitor.Page.Url).Authority);
        await visitor.FillLoginAsync(email);
        await visitor.ArrivesAsync($"**{path}");
        Assert.Equal(zone.Address.Authority, new Uri(visitor.Page.Url).Authority);
    }

    [Fact]
    public async Task A_program_that_calls_by_address_gets_its_answer()
    {
        await zone.EnsureReadyAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = ByAddress };
        foreach (var path in (string[])["/api/health", "/accounts/error?error=access_denied"])
        {
            using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Null(answer.Headers.Location);
        }
    }

    private Uri ByAddress
    {
        get
        {
            Assert.SkipUnless(zone.Address.Host == "localhost", "this zone has a name of its own");
            return new UriBuilder(zone.Address) { Host = "127.0.0.1" }.Uri;
        }
    }
}
