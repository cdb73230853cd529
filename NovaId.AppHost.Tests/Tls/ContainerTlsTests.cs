using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaId.AppHost.Tests.Contract;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Tls;

/// <summary>TLS between the containers of a running zone: who is let in, and what a certificate is worth that is not its own.</summary>
[Collection<OnContainers.ServicesFail>]
public sealed class ContainerTlsTests(FaultyContainerZone zone)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_certificate_is_replaced_while_its_server_runs()
    {
        await zone.EnsureReadyAsync();
        var caller = (await ZoneTools.For(zone).Kratos.RegisterAsync()).Caller;
        string[] servers = ["kratos", "hydra", "postgres", "api", "accounts", "admin"];
        var before = await Task.WhenAll(servers.Select(SerialNumberAsync));
        Assert.Equal(servers.Length, before.Distinct().Count());
        foreach (var files in servers.Select(FilesOf))
        {
            files.Current = files.Current! with { NotAfter = DateTimeOffset.UtcNow };
        }

        await zone.Application.Services.GetServices<IHostedService>().OfType<CertificateRenewal>().Single().RenewAsync(TestContext.Current.CancellationToken);

        foreach (var (server, old) in servers.Zip(before))
        {
            await WaitForAsync(async () => await SerialNumberAsync(server) != old);
        }

        (await caller.GetAsync("/api/me")).Expect(200);
        (await caller.GetAsync("/accounts/")).Expect(200);
        Assert.Equal("0", await PsqlAsync("host=postgres sslmode=verify-full"));
    }

    [Theory]
    [InlineData("foreign", "unknown authority")]
    [InlineData("expired", "certificate has expired")]
    [InlineData("of another name", "certificate is valid for hydra, not kratos")]
    public async Task A_service_with_a_certificate_that_does_not_count_is_sent_nothing_and_the_gateway_says_why(string what, string reason)
    {
        await zone.EnsureReadyAsync();
        var caller = (await ZoneTools.For(zone).Kratos.RegisterAsync()).Caller;
        (await caller.GetAsync("/api/me")).Expect(200);
        using var foreign = CertificateAuthority.Create("foreign");
        var own = FilesOf("kratos").Authority.Authority;
        var issued = what switch
        {
            "foreign" => foreign.Issue(["kratos"], Lifetime),
            "expired" => own.Issue(["kratos"], TimeSpan.FromMilliseconds(1)),
            _ => own.Issue(["hydra"], Lifetime),
        };
        await PresentAsync("kratos", issued);
        try
        {
            await WaitForAsync(async () => await SerialNumberAsync("kratos") == SerialNumberOf(issued));
            // Connections from before count as long as they are open; the gateway has none when it comes back.
            Assert.True((await Docker.RunAsync("restart", zone.ContainerOf("oathkeeper"))).ExitCode == 0);
            await WaitForAsync(async () => await StatusAsync("/gw/.well-known/jwks.json") == HttpStatusCode.OK);

            Assert.InRange((await caller.GetAsync("/api/me")).Status, 401, 503);

            Assert.Contains(reason, await Docker.OutputAsync("logs", "--since", "2m", zone.ContainerOf("oathkeeper")), StringComparison.Ordinal);
        }
        finally
        {
            await PresentAsync("kratos", own.Issue(["kratos"], Lifetime));
        }

        await WaitForAsync(async () => (await caller.GetAsync("/api/me")).Status == 200);
    }

    [Theory]
    [InlineData("foreign", "unknown authority")]
    [InlineData("expired", "certificate has expired")]
    [InlineData("of another name", "certificate is valid for accounts, not api")]
    public async Task An_API_with_a_certificate_that_does_not_count_is_sent_nothing_and_the_gateway_says_why(string what, string reason)
    {
        await zone.EnsureReadyAsync();
        var caller = (await ZoneTools.For(zone).Kratos.RegisterAsync()).Caller;
        (await caller.GetAsync("/api/me")).Expect(200);
        using var foreign = CertificateAuthority.Create("foreign");
        var own = FilesOf("api").Authority.Authority;
        var issued = what switch
        {
            "foreign" => foreign.Issue(["api"], Lifetime),
            "expired" => own.Issue(["api"], TimeSpan.FromMilliseconds(1)),
            _ => own.Issue(["accounts"], Lifetime),
        };
        await PresentAsync("api", issued);
        try
        {
            await WaitForAsync(async () => await SerialNumberAsync("api") == SerialNumberOf(issued));
            // Connections from before count as long as they are open; the gateway has none when it comes back.
            Assert.True((await Docker.RunAsync("restart", zone.ContainerOf("oathkeeper"))).ExitCode == 0);
            await WaitForAsync(async () => await StatusAsync("/gw/.well-known/jwks.json") == HttpStatusCode.OK);

            Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync("/api/health"));
            (await caller.GetAsync("/api/me")).Expect(502);

            Assert.Contains(reason, await Docker.OutputAsync("logs", "--since", "2m", zone.ContainerOf("oathkeeper")), StringComparison.Ordinal);
        }
        finally
        {
            await PresentAsync("api", own.Issue(["api"], Lifetime));
        }

        await WaitForAsync(async () => (await caller.GetAsync("/api/me")).Status == 200);
    }

    [Fact]
    public async Task An_API_that_is_called_without_TLS_says_nothing()
    {
        await zone.EnsureReadyAsync();
        using var http = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetAsync(new UriBuilder(zone.Api!) { Scheme = Uri.UriSchemeHttp, Path = "/api/public" }.Uri, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("host=postgres sslmode=disable", "no encryption")]
    [InlineData("host=postgres sslmode=verify-full sslrootcert=system", "certificate verify failed")]
    [InlineData("host=database sslmode=verify-full", "does not match host name")]
    public async Task A_database_lets_nobody_in_without_TLS_and_is_believed_by_nobody_under_another_name(string how, string reason)
    {
        await zone.EnsureReadyAsync();

        Assert.Contains(reason, await PsqlAsync(how), StringComparison.Ordinal);
    }

    private CertificateFilesAnnotation FilesOf(string server) =>
        zone.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == server)
            .Annotations.OfType<CertificateFilesAnnotation>().Single();

    /// <summary>Puts a certificate where the service looks for its own, as a renewal would.</summary>
    private async Task PresentAsync(string server, IssuedCertificate issued)
    {
        ContainerFile[] files =
        [
            new() { Name = "tls.key", Contents = issued.KeyPem, Owner = FilesOf(server).Owner, Mode = UnixFileMode.UserRead },
            new() { Name = "tls.crt", Contents = issued.CertificatePem, Mode = UnixFileMode.UserRead | UnixFileMode.OtherRead },
        ];
        if (FilesOf(server).OfThisMachine is { } folder)
        {
            folder.Write(files);
            return;
        }

        var engine = zone.Application.Services.GetRequiredService<ContainerEngine>();
        await engine.RunAsync(["cp", "-", $"{zone.ContainerOf(server)}:{CertificateFiles.Folder}"], CancellationToken.None, input: CertificateRenewal.Archive(files));
    }

    private static string SerialNumberOf(IssuedCertificate issued) =>
        X509Certificate2.CreateFromPem(issued.CertificatePem).SerialNumber;

    /// <summary>The number of the certificate that a server presents: of the private network as another server there sees it, of the edge as this
    /// machine does.</summary>
    private async Task<string> SerialNumberAsync(string server)
    {
        if (FilesOf(server).OfThisMachine is not null)
        {
            var address = zone.Application.GetEndpoint(server, "https");
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, certificate, _, _) => certificate is not null);
            await stream.AuthenticateAsClientAsync(server);
            return new X509Certificate2(stream.RemoteCertificate!).SerialNumber;
        }

        var target = server switch { "kratos" => "-connect kratos:4433", "hydra" => "-connect hydra:4444", _ => "-connect postgres:5432 -starttls postgres" };
        var (_, output) = await Docker.RunAsync(
            "exec", zone.ContainerOf("postgres"), "sh", "-c", $"openssl s_client {target} </dev/null 2>/dev/null | openssl x509 -noout -serial");
        return output.Split('=')[^1].Trim();
    }

    private async Task<string> PsqlAsync(string connection)
    {
        var names = connection.Contains("host=database", StringComparison.Ordinal) ? "echo \"$(getent hosts postgres | cut -d' ' -f1) database\" >> /etc/hosts; " : "";
        var (_, output) = await Docker.RunAsync(
            "exec", zone.ContainerOf("postgres"), "sh", "-c",
            $"{names}PGSSLROOTCERT={CertificateFiles.Authority} PGPASSWORD=$POSTGRES_PASSWORD psql '{connection} user=postgres dbname=postgres' --tuples-only --no-align --command 'SELECT 0'");
        return output.Trim();
    }

    private async Task<HttpStatusCode?> StatusAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = zone.Gateway };
        return await http.StatusAsync(path);
    }

    private static Task WaitForAsync(Func<Task<bool>> condition) => Waiting.UntilAsync(condition, Patience);
}
