using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using NovaId.Contract.Drivers;
using Xunit.Sdk;

namespace NovaId.Tests.Contract;

/// <summary>Three outcomes of a case: it holds, it does not hold, or the machine was too slow to tell.</summary>
public sealed class PaceTests
{
    [Fact]
    public async Task A_refusal_for_want_of_time_is_a_failure_where_hops_are_quick()
    {
        await using var gateway = await StartAsync(TimeSpan.Zero, 503);
        using var client = new ZoneClient(new Uri(gateway.Urls.Single()), Pace.Of(new Uri(gateway.Urls.Single())));
        var reply = await client.SendAsync(HttpMethod.Get, "/api/me", [], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Throws<FailException>(() => reply.Expect(200));
    }

    [Fact]
    public async Task A_refusal_for_want_of_time_says_nothing_where_hops_are_slow()
    {
        await using var gateway = await StartAsync(TimeSpan.FromSeconds(1), 503);
        using var client = new ZoneClient(new Uri(gateway.Urls.Single()), Pace.Of(new Uri(gateway.Urls.Single())));
        var reply = await client.SendAsync(HttpMethod.Get, "/api/me", [], cancellationToken: TestContext.Current.CancellationToken);

        // Assert.Throws lets a skip through.
        var skipped = "";
        try
        {
            reply.Expect(200);
        }
        catch (SkipException exception)
        {
            skipped = exception.Message;
        }

        Assert.Contains("too slow to tell", skipped, StringComparison.Ordinal);
        Assert.Matches(@"a hop took \d+ ms", skipped);
        Assert.Contains("GET /api/me: 503", skipped, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 403)]
    [InlineData(500, 200)]
    [InlineData(403, 200)]
    public async Task Whoever_is_let_in_or_fails_otherwise_is_a_failure_at_any_pace(int seen, int expected)
    {
        await using var gateway = await StartAsync(TimeSpan.FromSeconds(1), seen);
        using var client = new ZoneClient(new Uri(gateway.Urls.Single()), Pace.Of(new Uri(gateway.Urls.Single())));
        var reply = await client.SendAsync(HttpMethod.Get, "/api/me", [], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Throws<FailException>(() => reply.Expect(expected));
    }

    [Fact]
    public async Task A_gateway_that_was_away_is_measured_when_it_is_back()
    {
        Uri address;
        await using (var before = await StartAsync(TimeSpan.Zero, 503))
        {
            address = new Uri(before.Urls.Single());
            Pace.Of(address);
        }

        // Longer than it takes to believe that it is away.
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        var start = DateTimeOffset.UtcNow;
        await using var gateway = await StartAsync(TimeSpan.FromSeconds(1), 503, address.Port);

        await Waiting.UntilAsync(() => Pace.Of(address).Longest(start, DateTimeOffset.UtcNow) > TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
    }

    private static async Task<WebApplication> StartAsync(TimeSpan hop, int status, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(async http =>
        {
            // What is asked for takes longer than a hop.
            await Task.Delay(http.Request.Path.StartsWithSegments("/gw") ? hop : hop + TimeSpan.FromMilliseconds(300), http.RequestAborted);
            http.Response.StatusCode = http.Request.Path.StartsWithSegments("/gw") ? 200 : status;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
