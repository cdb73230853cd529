using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NovaId.Api.Gateway;

namespace NovaId.Tests.Api;

public sealed class ServiceTokenTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_callers_at_once_share_one_token_request()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        zone.Gateway.Delay = TimeSpan.FromMilliseconds(100);

        await ServeAsync(zone, person);

        Assert.Single(zone.Gateway.TokenRequests);
        Assert.Single(zone.Gateway.KeyRequests);
    }

    [Fact]
    public async Task A_revoked_token_is_renewed_once_for_fifty_callers_and_nobody_notices()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        using (var first = await zone.GetAsync("/api/me", person))
        {
            await ApiZone.AssertStatusAsync(first, 200);
        }

        zone.Gateway.RevokeServiceTokens();
        zone.Gateway.ForgetCalls();
        await ServeAsync(zone, person);

        Assert.Single(zone.Gateway.TokenRequests);
    }

    [Fact]
    public async Task A_write_is_sent_again_with_a_new_token()
    {
        await using var zone = await ApiZone.StartAsync();
        var colonel = zone.Gateway.AddPerson("Colonel");
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        var revoked = 0;
        zone.Gateway.Intercept = http =>
        {
            if (http.Request.Method == "PATCH" && Interlocked.Exchange(ref revoked, 1) == 0)
            {
                zone.Gateway.RevokeServiceTokens();
            }

            return Task.FromResult(false);
        };

        using var response = await zone.SendAsync(HttpMethod.Put, $"/api/users/{sergeant}/rank", colonel, """{"rank":"Captain"}""");

        await ApiZone.AssertStatusAsync(response, 200);
        Assert.Equal(["Captain"], zone.Gateway.RanksOf(sergeant));
        Assert.Equal(2, zone.Gateway.TokenRequests.Count);
    }

    [Fact]
    public async Task A_gateway_that_refuses_every_token_is_asked_for_one_renewal_only()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        zone.Gateway.Intercept = http =>
        {
            if (http.Request.Path.StartsWithSegments("/svc", StringComparison.Ordinal))
            {
                http.Response.StatusCode = 401;
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };

        using var refused = await zone.GetAsync("/api/me", person);

        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Equal("gateway", (string?)problem!["service"]);
        Assert.InRange(zone.Gateway.TokenRequests.Count, 2, 3);
        Assert.All(zone.Gateway.ServiceCalls.GroupBy(call => call.ToString()), calls => Assert.Equal(2, calls.Count()));
    }

    [Fact]
    public async Task The_token_is_renewed_before_it_runs_out_while_the_old_one_still_serves()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var zone = await ApiZone.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        var tokens = zone.Services.GetRequiredService<ServiceTokenSource>();
        var first = await tokens.GetAsync(Cancelled);
        time.Advance(TimeSpan.FromSeconds(470));
        Assert.Same(first, await tokens.GetAsync(Cancelled));
        Assert.Single(zone.Gateway.TokenRequests);

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Same(first, await tokens.GetAsync(Cancelled));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        ServiceToken next;
        while (ReferenceEquals(next = await tokens.GetAsync(limit.Token), first))
        {
            await Task.Delay(10, limit.Token);
        }

        Assert.NotEqual(first.Value, next.Value);
        Assert.Equal(2, zone.Gateway.TokenRequests.Count);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_not_used()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var zone = await ApiZone.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        var tokens = zone.Services.GetRequiredService<ServiceTokenSource>();
        var first = await tokens.GetAsync(Cancelled);

        time.Advance(TimeSpan.FromSeconds(600));

        Assert.NotEqual(first.Value, (await tokens.GetAsync(Cancelled)).Value);
    }

    [Fact]
    public async Task A_wrong_secret_is_an_error_of_the_operator_and_told_to_no_caller()
    {
        await using var zone = await ApiZone.StartAsync(builder =>
            builder.Configuration.AddInMemoryCollection([new("Gateway:ClientSecret", "another secret")]));
        var person = zone.Gateway.AddPerson("General");

        using var refused = await zone.GetAsync("/api/me", person);

        var problem = await ApiZone.AssertStatusAsync(refused, 503);
        Assert.DoesNotContain("secret", problem!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    private static Task ServeAsync(ApiZone zone, Guid person)
    {
        var token = zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString()));
        return Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var response = await zone.SendAsync(HttpMethod.Get, "/api/users", token);
            await ApiZone.AssertStatusAsync(response, 200);
        }));
    }
}
