using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Tls;

/// <summary>Who sends mails and spans, where whoever takes them has a certificate of another name: nothing is sent, in the clear or otherwise.</summary>
[Collection<OwnZone>]
public sealed class MisnamedZoneTests(MisnamedZone zone) : IClassFixture<MisnamedZone>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Neither_a_mail_nor_a_span_is_sent_and_who_does_not_send_says_why()
    {
        await zone.EnsureReadyAsync();
        var tools = ZoneTools.For(zone);
        var person = await tools.Kratos.RegisterAsync();
        (await person.Caller.GetAsync("/api/me")).Expect(200);

        await SaysAsync("kratos", $"certificate is valid for {MisnamedZone.Name}, not mail");
        await SaysAsync("oathkeeper", $"certificate is valid for {MisnamedZone.Name}, not telemetry");
        (await (await tools.NewOperator().CallerAsync()).GetAsync("/svc/mail/api/v1/messages")).Expect(502);
        await SaysAsync("oathkeeper", $"certificate is valid for {MisnamedZone.Name}, not mail");
        Assert.Contains("\"total\":0", await Docker.OutputAsync(
            "exec", zone.ContainerOf("mail"), "wget", "-q", "--no-check-certificate", "-O", "-", "https://127.0.0.1:8025/api/v1/messages"), StringComparison.Ordinal);

        var hops = zone.Capture.End().Where(connection => !connection.IsSilent).ToLookup(zone.Capture.HopOf);
        Assert.SkipWhen(zone.Capture.Lost > 0, $"Could not tell: {zone.Capture.Lost} frames came faster than they were read.");
        foreach (var hop in (string[])["kratos → mail:1025", "oathkeeper → mail:8025", "oathkeeper → this machine:4318"])
        {
            Assert.NotEmpty(hops[hop]);
            Assert.All(hops[hop], connection => Assert.True(connection.IsOpaque, hop));
        }
    }

    private Task SaysAsync(string service, string words) => Waiting.UntilAsync(
        async () => (await Docker.OutputAsync("logs", zone.ContainerOf(service))).Contains(words, StringComparison.Ordinal), Patience);
}
