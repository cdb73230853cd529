using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace NovaId.Tests.Api;

/// <summary>The API verifies the signature of an id_token once and remembers that; everything else about the token is asked each time.</summary>
public sealed class RememberedTokenTests
{
    [Fact]
    public async Task A_token_that_was_let_in_is_refused_once_it_has_run_out()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var zone = await ApiZone.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        var token = zone.Gateway.Sign(Lasting(zone, TimeSpan.FromMinutes(2)));
        await AssertAsync(zone, token, 200);

        time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));
        await AssertAsync(zone, token, 200);
        time.Advance(TimeSpan.FromSeconds(10));
        await AssertAsync(zone, token, 401);
    }

    [Fact]
    public async Task A_token_that_was_let_in_is_refused_once_its_key_was_withdrawn()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var zone = await ApiZone.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        var token = zone.Gateway.Sign(Lasting(zone, TimeSpan.FromMinutes(20)));
        await AssertAsync(zone, token, 200);

        zone.Gateway.KeyId = "gateway-key-2";
        time.Advance(TimeSpan.FromMinutes(6));
        await AssertAsync(zone, token, 401);
    }

    [Fact]
    public async Task A_token_that_was_let_in_counts_on_when_the_keys_are_fetched_anew()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var zone = await ApiZone.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        var token = zone.Gateway.Sign(Lasting(zone, TimeSpan.FromMinutes(20)));
        await AssertAsync(zone, token, 200);

        time.Advance(TimeSpan.FromMinutes(6));
        await AssertAsync(zone, token, 200);

        Assert.Equal(2, zone.Gateway.KeyRequests.Count);
    }

    [Fact]
    public async Task A_token_that_was_let_in_does_not_stand_for_the_access_token_that_came_with_it()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General").ToString();
        var token = zone.Gateway.Sign(zone.Gateway.OAuth2Claims(person, "an-app"));
        var access = zone.Gateway.AddAccessToken(person, "an-app");
        using var allowed = await SendAsync(zone, token, access);
        await ApiZone.AssertStatusAsync(allowed, 200);

        using var without = await zone.SendAsync(HttpMethod.Get, "/api/me", token);
        await ApiZone.AssertStatusAsync(without, 401);
        using var revoked = await SendAsync(zone, token, "ory_at_revoked");
        await ApiZone.AssertStatusAsync(revoked, 401);
    }

    [Fact]
    public async Task A_token_that_was_let_in_lets_no_token_in_that_differs_in_its_signature()
    {
        await using var zone = await ApiZone.StartAsync();
        var token = zone.Gateway.Sign(Lasting(zone, TimeSpan.FromMinutes(2)));
        await AssertAsync(zone, token, 200);

        var last = token[^2] == 'A' ? 'B' : 'A';
        await AssertAsync(zone, $"{token[..^2]}{last}{token[^1]}", 401);
        await AssertAsync(zone, token, 200);
    }

    [Fact]
    public async Task Whoever_is_deactivated_is_refused_with_a_token_that_was_let_in()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        var token = zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString()));
        await AssertAsync(zone, token, 200);

        zone.Gateway.Identities[person]["state"] = "inactive";
        await AssertAsync(zone, token, 401);
    }

    [Fact]
    public async Task A_token_that_has_run_out_is_not_kept()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var zone = await ApiZone.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        var remembered = 0;
        var meters = zone.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == "novaid.api.id_tokens" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, count, _, _) => remembered = count);
        listener.Start();
        await AssertAsync(zone, zone.Gateway.Sign(Lasting(zone, TimeSpan.FromMinutes(2))), 200);
        await AssertAsync(zone, zone.Gateway.Sign(Lasting(zone, TimeSpan.FromMinutes(2))), 200);
        await AssertAsync(zone, zone.Gateway.Sign(Lasting(zone, TimeSpan.FromMinutes(20))), 200);
        Assert.Equal(3, Seen());

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, Seen());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, Seen());

        int Seen()
        {
            listener.RecordObservableInstruments();
            return remembered;
        }
    }

    private static JsonObject Lasting(ApiZone zone, TimeSpan time)
    {
        var claims = zone.Gateway.SessionClaims(zone.Gateway.AddPerson("General").ToString());
        claims["exp"] = (DateTimeOffset.UtcNow + time).ToUnixTimeSeconds();
        return claims;
    }

    private static Task<HttpResponseMessage> SendAsync(ApiZone zone, string token, string access) =>
        zone.SendAsync(
            HttpMethod.Get,
            "/api/me",
            token,
            configure: request => request.Headers.Add("X-Orig-Authorization", $"Bearer {access}"));

    private static async Task AssertAsync(ApiZone zone, string token, int status)
    {
        using var response = await zone.SendAsync(HttpMethod.Get, "/api/me", token);
        await ApiZone.AssertStatusAsync(response, status);
    }
}
