namespace NovaId.Tests.Kratos;

public sealed class ReturnToTests
{
    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("http://localhost:4455.evil.example/accounts/")]
    [InlineData("http://localhost:4455@evil.example/accounts/")]
    [InlineData("http://evil.example@localhost:4455/accounts/")]
    [InlineData("http://localhost:4456/accounts/")]
    [InlineData("https://localhost:4455/accounts/")]
    [InlineData("http://localhost:4455\\@evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/elsewhere")]
    [InlineData("http://localhost:4455/elsewhere")]
    public async Task An_address_that_is_not_allowed_starts_no_flow(string address)
    {
        await using var zone = await KratosZone.StartAsync();
        var browser = zone.OpenBrowser();

        foreach (var kind in new[] { "login", "registration" })
        {
            using var response = await browser.GetAsync($"/self-service/{kind}/browser?return_to={Uri.EscapeDataString(address)}", script: true);

            Assert.Equal(400, (int)response.StatusCode);
            Assert.Equal("self_service_flow_return_to_forbidden", (await response.JsonAsync()).ErrorId());
        }
    }

    [Theory]
    [InlineData("http://localhost:4455/accounts/deep/page?x=1#y", "http://localhost:4455/accounts/deep/page?x=1#y")]
    [InlineData("/accounts/relative", "http://localhost:4455/accounts/relative")]
    [InlineData(KratosZone.PublicAddress + "self-service/settings?flow=1", KratosZone.PublicAddress + "self-service/settings?flow=1")]
    public async Task An_address_that_is_allowed_is_where_a_login_leads(string address, string expected)
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();

        using var response = await browser.LoginAsync("ada@novaid.local", query: "?return_to=" + Uri.EscapeDataString(address));

        Assert.Equal(303, (int)response.StatusCode);
        Assert.Equal(expected, response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_logout_leads_nowhere_else_either()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");
        var browser = zone.OpenBrowser();
        using var login = await browser.LoginAsync("ada@novaid.local");

        using var response = await browser.GetAsync("/self-service/logout/browser?return_to=https://evil.example/", script: true);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("self_service_flow_return_to_forbidden", (await response.JsonAsync()).ErrorId());
    }
}
