using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NovaId.Tests.Api;
using NovaId.Tests.Audit;

namespace NovaId.Tests.Limits;

public sealed class LimitTests
{
    private static readonly (string, string)[] ThreeByCaller = [("Limits:CallerPerSecond", "0.02"), ("Limits:CallerBurst", "3")];

    private static readonly (string, string)[] ThreeByAddress = [("Limits:AddressPerSecond", "0.02"), ("Limits:AddressBurst", "3")];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_over_the_limit_hears_when_to_come_back_and_may_then()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(("Limits:CallerPerSecond", "0.4"), ("Limits:CallerBurst", "3")));
        var person = zone.Gateway.AddPerson();

        Assert.Equal([200, 200, 200, 429, 429], await StatusesAsync(() => zone.GetAsync("/api/me", person), 5));
        using var refused = await zone.GetAsync("/api/me", person);
        var problem = await ApiZone.AssertStatusAsync(refused, 429);
        var wait = refused.Headers.RetryAfter!.Delta!.Value;
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        Assert.Equal("https://www.rfc-editor.org/rfc/rfc9110#status.429", (string?)problem!["type"]);

        await Task.Delay(wait + TimeSpan.FromSeconds(0.3), Cancelled);
        Assert.Equal([200, 429], await StatusesAsync(() => zone.GetAsync("/api/me", person), 2));
    }

    [Fact]
    public async Task Nothing_behind_the_API_is_asked_over_the_limit()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(ThreeByCaller));
        var person = zone.Gateway.AddPerson();
        await StatusesAsync(() => zone.GetAsync("/api/me", person), 3);
        zone.Gateway.ForgetCalls();

        Assert.All(await StatusesAsync(() => zone.GetAsync("/api/me", person), 5), status => Assert.Equal(429, status));

        Assert.Empty(zone.Gateway.ServiceCalls);
    }

    [Fact]
    public async Task What_one_caller_does_counts_against_nobody_else_at_the_same_address()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByCaller, .. ThreeByAddress]));
        var flood = zone.Gateway.AddPerson("General");
        Assert.Equal(429, (await StatusesAsync(() => zone.GetAsync("/api/me", flood), 20))[^1]);

        var other = zone.Gateway.AddPerson();
        Assert.Equal([200, 200, 200], await StatusesAsync(() => zone.GetAsync("/api/me", other), 3));
        using var open = await zone.SendAsync(HttpMethod.Get, "/api/public", idToken: null);
        Assert.Equal(200, (int)open.StatusCode);
        using var anonymous = await zone.SendAsync(HttpMethod.Get, "/api/me", idToken: null);
        Assert.Equal(401, (int)anonymous.StatusCode);
    }

    [Fact]
    public async Task Nobody_is_locked_out_by_those_who_try_in_vain_at_the_same_address_or_in_the_same_name()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByCaller, .. ThreeByAddress]));
        var victim = zone.Gateway.AddPerson();
        var expired = zone.Gateway.SessionClaims(victim.ToString());
        expired["exp"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds();
        var forged = zone.Gateway.Sign(expired);

        Assert.Equal([401, 401, 401, 429, 429], await StatusesAsync(() => zone.SendAsync(HttpMethod.Get, "/api/me", forged), 5));

        Assert.Equal([200, 200, 200], await StatusesAsync(() => zone.GetAsync("/api/me", victim), 3));
    }

    [Fact]
    public async Task An_app_that_acts_for_a_person_does_not_use_up_what_the_person_has()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(ThreeByCaller));
        var person = zone.Gateway.AddPerson();
        var token = zone.Gateway.AddAccessToken(person.ToString(), "an-app");

        Assert.Equal(
            [200, 200, 200, 429],
            await StatusesAsync(() => zone.SendWithAccessTokenAsync(HttpMethod.Get, "/api/me", person.ToString(), "an-app", token), 4));

        Assert.Equal([200, 200, 200, 429], await StatusesAsync(() => zone.GetAsync("/api/me", person), 4));
    }

    [Fact]
    public async Task An_API_key_has_a_limit_of_its_own()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(ThreeByCaller));

        Assert.Equal([200, 200, 200, 429], await StatusesAsync(() => zone.SendAsClientAsync(HttpMethod.Get, "/api/me", "one"), 4));
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(() => zone.SendAsClientAsync(HttpMethod.Get, "/api/me", "other"), 4));
    }

    [Fact]
    public async Task Being_under_the_limit_allows_nothing()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(ThreeByCaller));
        var person = zone.Gateway.AddPerson("Private");
        var gone = Guid.NewGuid();

        Assert.Equal([403, 403, 403, 429], await StatusesAsync(() => zone.GetAsync("/api/users", person), 4));
        Assert.Equal([401, 401, 401, 429], await StatusesAsync(() => zone.GetAsync("/api/me", gone), 4));
    }

    [Fact]
    public async Task Health_is_answered_in_a_flood()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByAddress, ("Limits:Gateways:0", "10.0.0.0/8")]));
        Assert.Equal(429, (await StatusesAsync(() => zone.SendAsync(HttpMethod.Get, "/api/public", idToken: null), 6))[^1]);

        foreach (var path in (string[])["/api/health", "/health", "/alive"])
        {
            Assert.All(await StatusesAsync(() => zone.SendAsync(HttpMethod.Get, path, idToken: null), 10), status => Assert.Equal(200, status));
        }
    }

    [Theory]
    [InlineData("/api/public")]
    [InlineData("/api/openapi.json")]
    [InlineData("/api/docs")]
    [InlineData("/api/docs/v1")]
    public async Task Who_comes_past_the_gateway_has_a_limit_on_open_routes(string path)
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByAddress, ("Limits:Gateways:0", "10.0.0.1")]));
        await StatusesAsync(() => zone.SendAsync(HttpMethod.Get, path, idToken: null), 3);

        using var refused = await zone.SendAsync(HttpMethod.Get, path, idToken: null);

        await ApiZone.AssertStatusAsync(refused, 429);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task Through_a_gateway_that_says_whose_a_request_is_each_address_has_its_own_limit()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByAddress, ("Limits:Gateways:0", "127.0.0.0/8"), ("Limits:Gateways:1", "::1")]));

        Assert.Equal([200, 200, 200, 429], await StatusesAsync(() => OpenAsync(zone, "203.0.113.7"), 4));
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(() => OpenAsync(zone, "203.0.113.8"), 4));

        // What stands before the last address anyone can have written; the last one the proxy has seen.
        Assert.Equal([429, 429], await StatusesAsync(() => OpenAsync(zone, $"198.51.100.{Random.Shared.Next(256)}, 203.0.113.7"), 2));

        // One client, a whole network of addresses.
        var number = 0;
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(() => OpenAsync(zone, $"2001:db8:0:1::{++number}"), 4));
        Assert.Equal([200], await StatusesAsync(() => OpenAsync(zone, "2001:db8:0:2::1"), 1));
    }

    [Fact]
    public async Task Through_a_gateway_that_does_not_say_nobody_uses_up_what_all_share()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByAddress, ("Limits:Gateways:0", "127.0.0.1")]));

        Assert.All(await StatusesAsync(() => zone.SendAsync(HttpMethod.Get, "/api/public", idToken: null), 20), status => Assert.Equal(200, status));
        Assert.All(await StatusesAsync(() => OpenAsync(zone, "no address"), 20), status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task X_Forwarded_For_is_believed_of_nobody_but_the_gateway()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByAddress, ("Limits:Gateways:0", "10.0.0.1")]));
        var number = 0;

        Assert.Equal([200, 200, 200, 429], await StatusesAsync(() => OpenAsync(zone, $"203.0.113.{++number}"), 4));
        Assert.Equal(429, (await StatusesAsync(
            () => zone.SendAsync(HttpMethod.Get, "/api/me", idToken: null, configure: request => request.Headers.Add("X-Forwarded-For", $"203.0.113.{++number}")),
            4))[^1]);
    }

    [Fact]
    public async Task More_addresses_than_are_told_apart_share_one_limit()
    {
        await using var zone = await ApiZone.StartAsync(
            LogSettings.Of([.. ThreeByAddress, ("Limits:Gateways:0", "127.0.0.1"), ("Limits:MaximumAddresses", "2")]));

        var number = 0;
        Assert.Equal([200, 200], await StatusesAsync(() => OpenAsync(zone, $"203.0.113.{++number}"), 2));
        Assert.Equal([200, 200, 200, 429, 429], await StatusesAsync(() => OpenAsync(zone, $"203.0.113.{++number}"), 5));

        Assert.Equal([200, 200, 429], await StatusesAsync(() => OpenAsync(zone, "203.0.113.1"), 3));
    }

    [Fact]
    public async Task A_flood_leaves_one_row_a_second_that_says_how_many_there_were()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(ThreeByCaller));
        var person = zone.Gateway.AddPerson();
        var watch = Stopwatch.StartNew();
        var refused = 0;
        while (watch.Elapsed < TimeSpan.FromSeconds(2.2))
        {
            refused += (await StatusesAsync(() => zone.GetAsync("/api/me", person), 5)).Count(status => status == 429);
        }

        var rows = (await zone.LogAsync()).Where(row => row.Status == 429).Reverse().ToList();

        Assert.True(refused > 20, $"Only {refused} were refused.");
        Assert.InRange(rows.Count, 2, 1 + (int)watch.Elapsed.TotalSeconds);
        Assert.All(rows, row => Assert.Equal((person.ToString(), false, "any caller"), (row.Subject, row.Allowed, row.Required)));
        Assert.Equal("over the limit for one caller", rows[0].Reason);
        Assert.Matches("^over the limit for one caller, as [1-9][0-9]* more since the last record of it$", rows[1].Reason);
    }

    [Fact]
    public async Task Every_request_over_a_limit_is_counted()
    {
        var counted = new Dictionary<string, long>();
        await using var zone = await ApiZone.StartAsync(LogSettings.Of([.. ThreeByCaller, .. ThreeByAddress]));
        var meters = zone.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name is "novaid.api.limited" or "novaid.api.decisions" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            lock (counted)
            {
                var key = $"{instrument.Name} {tags[0].Value}";
                counted[key] = counted.GetValueOrDefault(key) + count;
            }
        });
        listener.Start();
        var person = zone.Gateway.AddPerson();

        await StatusesAsync(() => zone.GetAsync("/api/me", person), 7);
        await StatusesAsync(() => zone.SendAsync(HttpMethod.Get, "/api/me", "nonsense"), 5);

        Assert.Equal(4, counted["novaid.api.limited caller"]);
        Assert.Equal(2, counted["novaid.api.limited address"]);
        Assert.Equal((3, 6, 3), (counted["novaid.api.decisions allowed"], counted["novaid.api.decisions limited"], counted["novaid.api.decisions unauthenticated"]));
    }

    [Fact]
    public async Task The_memory_for_callers_is_given_back()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(("Limits:CallerPerSecond", "1000"), ("Limits:CallerBurst", "10")));
        using var limiter = new NovaId.Api.Limits.RequestLimiter(
            zone.Services.GetRequiredService<IOptions<NovaId.Api.Configuration.LimitOptions>>(),
            zone.Services.GetRequiredService<NovaId.Api.Limits.ClientAddresses>(),
            zone.Services.GetRequiredService<IMeterFactory>());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var callers = Admitted(limiter, 50_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60_000_000);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (callers.Any(caller => caller.TryGetTarget(out _)))
        {
            await Task.Delay(500, patience.Token);
            GC.Collect();
        }
    }

    // What is asked is whether the limiter lets go of each caller, not how large the process is: other tests allocate beside this one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference<string>> Admitted(NovaId.Api.Limits.RequestLimiter limiter, int count)
    {
        var callers = new List<WeakReference<string>>(count);
        for (var number = 0; number < count; number++)
        {
            var caller = NovaId.Api.Authorization.CallerSubject.OfClient($"client-{number}");
            limiter.AdmitCaller(caller);
            callers.Add(new(caller.Id));
        }

        return callers;
    }

    [Theory]
    [InlineData("Limits:CallerPerSecond", "0", " to 1000000")]
    [InlineData("Limits:CallerBurst", "-1", " to 1000000")]
    [InlineData("Limits:AddressPerSecond", "0", " to 1000000")]
    [InlineData("Limits:AddressBurst", "2000000", " to 1000000")]
    [InlineData("Limits:MaximumAddresses", "0", " to 1000000")]
    [InlineData("Limits:CallerPerSecond", "many", "Write a number")]
    [InlineData("Limits:Gateways:0", "the gateway", "Limits__Gateways__0=")]
    [InlineData("Limits:Gateways:0", "10.0.0.1/40", "Limits__Gateways__0=")]
    public void A_limit_that_cannot_be_stops_the_start_and_says_what_to_do(string key, string value, string remedy)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            ApiZone.Create("http://localhost:4455", ":memory:", builder => builder.Configuration.AddInMemoryCollection([new(key, value)])));

        var message = Assert.Single(failure.Failures);
        Assert.Contains(key.Split(":0")[0], message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> OpenAsync(ApiZone zone, string forwardedFor) => zone.SendAsync(
        HttpMethod.Get,
        "/api/public",
        idToken: null,
        configure: request => request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor));

    private static async Task<List<int>> StatusesAsync(Func<Task<HttpResponseMessage>> send, int times)
    {
        var statuses = new List<int>();
        for (var time = 0; time < times; time++)
        {
            using var response = await send();
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }
}
