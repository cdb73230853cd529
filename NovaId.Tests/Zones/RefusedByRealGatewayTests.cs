using System.Text;
using NovaId.Contract;
using NovaId.Contract.Drivers;
using NovaId.Emulator.Network;
using NovaId.Native;

namespace NovaId.Tests.Zones;

/// <summary>
/// Refusals that the API gives to everybody, which the contract cannot ask for: through the real Oathkeeper, with nothing in between, every
/// one arrives whole.
/// </summary>
public sealed class RefusedByRealGatewayTests
{
    private static readonly string? Programs = Environment.GetEnvironmentVariable(NativeServices.Variable);

    [Fact]
    public async Task A_refusal_that_leaves_the_body_unread_arrives_whole()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Programs), $"{NativeServices.Variable} names no folder with kratos, keto, hydra and oathkeeper.");
        var port = LoopbackPorts.Take(1)[0];
        await using var services = await NativeServices.StartAsync(Programs, new Uri($"http://127.0.0.1:{port}"));
        using var client = new ZoneClient(services.Gateway);
        var person = await new KratosFlows(new Caller(client, ("Accept", "application/json"))).RegisterAsync();
        var gateway = services.Gateway.GetLeftPart(UriPartial.Authority);
        var own = ServiceClient.WithKey("novaid-api", services.KeyOf("novaid-api"));
        (string Key, string Value) unlimited = ("Limits:CallerPerSecond", "100000");
        (string Key, string Value) alwaysFull = ("Limits:CallerBurst", "1000000");

        await using (await ApiUnderTest.StartAsync(services.Gateway, own, port, unlimited, alwaysFull))
        {
            await AssertWholeAsync("POST", "/api/documents", "text/plain", 415);
            await AssertWholeAsync("POST", "/api/documents", "application/json", 400);
            await AssertWholeAsync("PUT", $"/api/documents/{Guid.NewGuid()}", "application/json", 403);
            await AssertWholeAsync("POST", "/api/nothing", "text/plain", 404);
            await AssertWholeAsync("PUT", "/api/documents", "text/plain", 405);
            await AssertWholeAsync("POST", "/api/checks", "application/json", 413, 70_000);
        }

        // After the first, no caller has room for another for a long time.
        await using (await ApiUnderTest.StartAsync(services.Gateway, own, port, ("Limits:CallerPerSecond", "0.01"), ("Limits:CallerBurst", "1")))
        {
            await Repetition.SendAsync(services.Gateway, () => Create("GET", "/api/me", "text/plain", 0), 200, 1);
            await AssertWholeAsync("POST", "/api/documents", "application/json", 429);
        }

        // An API that reaches nobody.
        var nowhere = $"http://127.0.0.1:{LoopbackPorts.Take(1)[0]}";
        await using (await ApiUnderTest.StartAsync(new Uri(nowhere), own, port, ("Gateway:Issuer", gateway), unlimited, alwaysFull))
        {
            await AssertWholeAsync("POST", "/api/documents", "application/json", 503);
        }

        async Task AssertWholeAsync(string method, string target, string type, int status, int length = 60_000)
        {
            var wrong = await Repetition.SendAsync(services.Gateway, () => Create(method, target, type, length), status, Repetition.Count);
            TestContext.Current.TestOutputHelper?.WriteLine($"{status}: {wrong.Count} of {Repetition.Count} not whole");
            Assert.True(wrong.Count == 0, $"{wrong.Count} of {Repetition.Count}, {status}: {string.Join('\n', wrong.Distinct().Take(5))}");
        }

        HttpRequestMessage Create(string method, string target, string type, int length) => new(HttpMethod.Parse(method), target)
        {
            Headers = { { "X-Session-Token", person.Session.Token } },
            Content = length == 0 ? null : new StringContent($"[\"{new string('x', length)}\"]", Encoding.UTF8, type),
        };
    }
}
