using System.Net;
using NovaId.AppHost.Tests.Contract;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Publishing;

/// <summary>The certificates of what is published, while it runs.</summary>
[Collection<OnPublished.Composed>]
public sealed class ComposedTlsTests(ComposedZone zone) : ZoneContract(zone)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ComposedZone _zone = zone;

    [Fact]
    public async Task A_server_presents_its_next_certificate_without_a_stop()
    {
        string[] servers = ["kratos", "hydra", "postgres", "api"];
        var caller = (await ZoneTools.For(_zone).Kratos.RegisterAsync()).Caller;
        (await caller.GetAsync("/api/me")).Expect(200);
        var before = await SerialsAsync(servers);
        var started = await StartsAsync(servers);
        foreach (var server in servers)
        {
            await _zone.InVolumeAsync($"authority-{server}", "rm tls.crt");
        }

        await SignAsync();

        await WaitForAsync(async () =>
        {
            (await caller.GetAsync("/api/me")).Expect(200);
            return (await SerialsAsync(servers)).Zip(before).All(serial => serial.First.Length > 0 && serial.First != serial.Second);
        });
        Assert.Equal(started, await StartsAsync(servers));
    }

    [Theory]
    [InlineData("oathkeeper")]
    [InlineData("mail")]
    public async Task Who_reads_a_certificate_once_is_started_again_for_the_next_and_its_container_stays(string server)
    {
        var caller = (await ZoneTools.For(_zone).Kratos.RegisterAsync()).Caller;
        var before = await SerialsAsync(server);
        var started = await StartsAsync(server);
        await _zone.InVolumeAsync($"authority-{server}", "rm tls.crt");

        await SignAsync();

        await WaitForAsync(async () => await SerialsAsync(server) is [{ Length: > 0 } now] && now != before[0]);
        await WaitForAsync(async () => await StatusAsync() == HttpStatusCode.OK);
        (await caller.GetAsync("/api/me")).Expect(200);
        (await (await ZoneTools.For(_zone).NewOperator().CallerAsync()).GetAsync("/svc/mail/api/v1/messages")).Expect(200);
        Assert.Equal(started, await StartsAsync(server));
    }

    [Theory]
    [InlineData("foreign", "certificate signed by unknown authority")]
    [InlineData("of another name", "certificate is valid for accounts, not api")]
    public async Task An_API_with_a_certificate_that_does_not_count_is_sent_nothing_and_gets_its_own_again(string what, string reason)
    {
        var caller = (await ZoneTools.For(_zone).Kratos.RegisterAsync()).Caller;
        (await caller.GetAsync("/api/me")).Expect(200);
        using var foreign = CertificateAuthority.Create("foreign");
        var issued = foreign.Issue(["api"], TimeSpan.FromHours(1));
        var (key, certificate) = what == "foreign"
            ? (issued.KeyPem, issued.CertificatePem)
            : (await _zone.InVolumeAsync("authority-accounts", "cat tls.key"), await _zone.InVolumeAsync("authority-accounts", "cat tls.crt"));
        await _zone.InVolumeAsync("authority-api", "printf '%s' \"$KEY\" > next && chown 1654 next && mv next tls.key && printf '%s' \"$CERTIFICATE\" > next && mv next tls.crt", ("KEY", key), ("CERTIFICATE", certificate));

        try
        {
            // A connection from before counts for as long as it is open; a gateway that comes back has none.
            await _zone.ComposeAsync("restart", "--timeout", "2", "oathkeeper");
            await WaitForAsync(async () => await StatusAsync() == HttpStatusCode.BadGateway);
            (await caller.GetAsync("/api/me")).Expect(502);
            Assert.Contains(reason, (await _zone.ComposeAsync("logs", "--no-log-prefix", "--since", "2m", "oathkeeper")).Output, StringComparison.Ordinal);
        }
        finally
        {
            await SignAsync();
        }

        await WaitForAsync(async () => await StatusAsync() == HttpStatusCode.OK);
        (await caller.GetAsync("/api/me")).Expect(200);
        Assert.Contains(what == "foreign" ? "is of another authority" : "is not for the name api", (await _zone.ComposeAsync("logs", "--no-log-prefix", "authority")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kratos 4434")]
    [InlineData("hydra 4445")]
    public async Task A_service_that_is_called_without_TLS_says_nothing(string address)
    {
        var (_, output) = await Docker.RunAsync(
            "run", "--rm", "--network", _zone.NetworkOf("private"), "busybox:1.37", "sh", "-c", $"printf 'GET /admin/identities HTTP/1.1\\r\\nHost: kratos\\r\\nConnection: close\\r\\n\\r\\n' | nc -w 3 {address}");

        Assert.Contains("400 Bad Request", output, StringComparison.Ordinal);
        Assert.DoesNotContain("identities", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_lets_nobody_in_without_TLS()
    {
        var (_, output) = await _zone.ComposeAsync("exec", "--no-TTY", "postgres", "sh", "-c", "PGPASSWORD=$POSTGRES_PASSWORD psql 'host=postgres user=postgres sslmode=disable' --command 'SELECT 0'");

        Assert.Contains("no encryption", output, StringComparison.Ordinal);
    }

    /// <summary>The authority looks when it starts, and every ten minutes.</summary>
    private async Task SignAsync()
    {
        var (code, output) = await _zone.ComposeAsync("restart", "--timeout", "2", "authority");
        Assert.True(code == 0, output);
    }

    private async Task<string[]> StartsAsync(params string[] services) =>
        [.. (await Docker.OutputAsync(["inspect", "--format", "{{.State.StartedAt}} {{.RestartCount}}", .. services.Select(_zone.ContainerOf)])).Split('\n')];

    /// <summary>The number of the certificate that each presents to who stands beside it; nothing where it presents none.</summary>
    private async Task<string[]> SerialsAsync(params string[] services)
    {
        var serials = new List<string>();
        foreach (var service in services)
        {
            var (network, target) = service switch
            {
                "kratos" => ("private", "-connect kratos:4433"),
                "hydra" => ("private", "-connect hydra:4444"),
                "postgres" => ("private", "-connect postgres:5432 -starttls postgres"),
                "oathkeeper" => ("private", "-connect oathkeeper:4455"),
                "mail" => ("private", "-connect mail:1025 -starttls smtp"),
                _ => ("edge", "-connect api:8080"),
            };
            var (_, output) = await Docker.RunAsync(
                "run", "--rm", "--network", _zone.NetworkOf(network), "--entrypoint", "sh", "postgres:17", "-c", $"openssl s_client {target} < /dev/null 2> /dev/null | openssl x509 -noout -serial 2> /dev/null");
            serials.Add(output.Contains('=', StringComparison.Ordinal) ? output.Split('=')[^1].Trim() : "");
        }

        return [.. serials];
    }

    private async Task<HttpStatusCode?> StatusAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = _zone.GatewayCertificate } }) { BaseAddress = _zone.Gateway };
        return await http.StatusAsync("/api/health");
    }

    private static Task WaitForAsync(Func<Task<bool>> condition) => Waiting.UntilAsync(condition, Patience);
}
