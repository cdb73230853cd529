namespace NovaId.Contract.Gateway;

/// <summary>The officers' pages stand behind the gateway for whoever is logged in; a browser without a session is led there and back.</summary>
public abstract class OfficeRouteContract(IZone zone) : ZoneContract(zone)
{
    [Theory]
    [InlineData("/admin/people?rank=Major&state=active", "/admin/people?rank=Major&state=active")]
    [InlineData("/admin", "/admin")]
    [InlineData("/admin/people/%2e%2e/log?subject=a%20b", "/admin/log?subject=a%20b")]
    public async Task A_browser_without_a_session_is_led_to_the_login_and_told_where_it_wanted_to_go(string target, string wanted)
    {
        var reply = (await Anonymous.With("Accept", "text/html,application/xhtml+xml,*/*;q=0.8").GetAsync(target)).Expect(302);

        var there = new Uri(Zone.Gateway, reply.Location);
        Assert.Equal("/accounts/enter", there.AbsolutePath);
        Assert.Equal(new Uri(Zone.Gateway, wanted).PathAndQuery, new Uri(Browser.Query(there, "return_to")).PathAndQuery);
        Assert.Equal(Zone.Gateway.Authority, new Uri(Browser.Query(there, "return_to")).Authority);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("*/*")]
    [InlineData("text/*")]
    [InlineData(null)]
    public async Task Whoever_asks_for_no_page_is_refused(string? accept)
    {
        var caller = accept is null ? Anonymous : Anonymous.With("Accept", accept);

        (await caller.GetAsync("/admin/people")).ExpectByGateway(401);
    }

    [Fact]
    public async Task A_form_without_a_session_reaches_no_page()
    {
        var reply = (await Anonymous.With("Accept", "text/html").PostAsync("/admin/keys/revoke")).Expect(302);

        Assert.Equal("/accounts/enter", new Uri(Zone.Gateway, reply.Location).AbsolutePath);
    }

    [Theory]
    [InlineData("/admin/identities")]
    [InlineData("/admin/clients")]
    public async Task A_service_token_opens_no_page_and_no_admin_API_by_its_own_name(string target) =>
        (await (await Operator.CallerAsync()).GetAsync(target)).ExpectByGateway(401);

    [Fact]
    public async Task A_session_token_of_an_app_opens_no_page()
    {
        var person = await SharedPersonAsync("General");

        (await person.Caller.GetAsync("/admin/people")).ExpectByGateway(401);
    }
}
