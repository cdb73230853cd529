using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.OAuth2;

/// <summary>Letting an application in, or not.</summary>
public abstract class ConsentTests(BrowserZone zone)
{
    private const string Scope = "openid offline_access email novaid.read";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_logs_in_for_an_application_and_lets_it_in_as_far_as_they_like(bool javaScript)
    {
        await using var visitor = await zone.VisitAsync(javaScript);
        await using var third = await ThirdParty.StartAsync();
        visitor.OtherHosts.Add(third.Address.Authority);
        var application = await zone.Operator.CreateApplicationAsync("Field Report", third.Callback);
        var request = new AuthorizationRequest(application, third.Callback, Scope);

        await visitor.OpenAsync(request.Address);
        await visitor.SeesAsync("to continue to Field Report");
        var (id, email) = await zone.NewPersonAsync();
        await visitor.FillLoginAsync(email);
        await visitor.ArrivesAsync("**/accounts/consent**");
        Assert.Equal("Let Field Report in?", await visitor.HeadingAsync());
        await visitor.SeesAsync("read what you may read");
        await visitor.Page.UncheckAsync("input[name=scope][value=email]");
        await visitor.Page.ClickAsync("button[value=allow]");

        var back = await request.ReturnAsync(visitor);
        var token = await zone.Operator.IntrospectAsync(await request.AccessTokenAsync(zone.Operator, back["code"]));
        Assert.Equal("openid offline_access novaid.read", token.GetProperty("scope").GetString());
        Assert.Equal(id, token.GetProperty("sub").GetString());
    }

    [Fact]
    public async Task The_token_records_how_strongly_and_when_the_person_logged_in()
    {
        await using var visitor = await zone.VisitAsync();
        await using var third = await ThirdParty.StartAsync();
        visitor.OtherHosts.Add(third.Address.Authority);
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync("Recorder", third.Callback), third.Callback, Scope);
        await visitor.OpenAsync(request.Address);
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await visitor.FillLoginAsync((await zone.NewPersonAsync()).Email);
        await visitor.Page.ClickAsync("button[value=allow]");

        var back = await request.ReturnAsync(visitor);
        var token = await zone.Operator.IntrospectAsync(await request.AccessTokenAsync(zone.Operator, back["code"]));
        var recorded = token.GetProperty("ext");
        Assert.Equal("aal1", recorded.GetProperty("acr").GetString());
        Assert.Equal(["password"], recorded.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        Assert.InRange(recorded.GetProperty("auth_time").GetInt64(), before - 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_no_reaches_the_application_as_one(bool javaScript)
    {
        await using var visitor = await zone.MemberAsync(javaScript);
        await using var third = await ThirdParty.StartAsync();
        visitor.OtherHosts.Add(third.Address.Authority);
        var request = new AuthorizationRequest(await zone.Operator.CreateApplicationAsync("Unwanted", third.Callback), third.Callback, Scope);
        await visitor.OpenAsync(request.Address);
        await visitor.ConfirmAsync();
        await visitor.Page.ClickAsync("button[value=deny]");
        Assert.Equal("access_denied", (await request.ReturnAsync(visitor))["error"]);
    }

    [Fact]
    public async Task What_is_remembered_is_not_asked_again()
    {
        await using var visitor = await zone.MemberAsync();
        await using var third = await ThirdParty.StartAsync();
        visitor.OtherHosts.Add(third.Address.Authority);
        var application = await zone.Operator.CreateApplicationAsync("Regular", third.Callback);
        var first = new AuthorizationRequest(application, third.Callback, Scope);
        await visitor.OpenAsync(first.Address);
        await visitor.ConfirmAsync();
        await visitor.Page.ClickAsync("button[value=allow]");
        await first.ReturnAsync(visitor);

        var second = new AuthorizationRequest(application, third.Callback, Scope);
        await visitor.OpenAsync(second.Address);
        Assert.True((await second.ReturnAsync(visitor)).ContainsKey("code"));
    }

    [Fact]
    public async Task A_question_that_was_answered_says_so()
    {
        await using var visitor = await zone.MemberAsync();
        var answer = await visitor.OpenAsync("/accounts/consent?consent_challenge=unknown");
        Assert.Equal(410, answer.Status);
        await visitor.SeesAsync("This question is over");
    }
}
