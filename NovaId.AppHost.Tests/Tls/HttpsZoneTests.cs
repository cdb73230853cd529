using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Tls;

/// <summary>A zone whose gateway speaks TLS, to browsers and to everybody inside.</summary>
[Collection<OwnZone>]
public sealed class HttpsZoneTests(HttpsZone zone) : IClassFixture<HttpsZone>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_request_passes_every_hop_and_the_zone_is_its_https_address_everywhere()
    {
        await zone.EnsureReadyAsync();
        var tools = ZoneTools.For(zone);
        var caller = (await tools.Kratos.RegisterAsync()).Caller;
        var cancelled = TestContext.Current.CancellationToken;
        (string, string)[] browser = [("Accept", "text/html")];
        var origin = zone.Gateway.GetLeftPart(UriPartial.Authority);

        (await caller.GetAsync("/api/me")).Expect(200);
        var login = await tools.Client.SendAsync(HttpMethod.Get, $"{KratosFlows.Root}/self-service/login/browser", browser, cancellationToken: cancelled);
        Assert.StartsWith($"{origin}/accounts/login", login.Location.ToString(), StringComparison.Ordinal);
        Assert.All(login.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; Secure", cookie, StringComparison.OrdinalIgnoreCase));
        var cookies = string.Join("; ", login.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        (await tools.Client.SendAsync(HttpMethod.Get, login.Location.PathAndQuery, [.. browser, ("Cookie", cookies)], cancellationToken: cancelled)).Expect(200);
        Assert.Equal(origin, (await tools.Anonymous.GetAsync("/.well-known/openid-configuration")).Expect(200)["issuer"].GetString()?.TrimEnd('/'));
        Assert.NotEmpty(await tools.ServiceTokenAsync("kratos.identities.list"));
        Assert.NotEmpty(await tools.UserTokenAsync());
    }

    [Fact]
    public async Task Whoever_speaks_no_TLS_is_told_so_and_gets_nothing()
    {
        await zone.EnsureReadyAsync();
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new UriBuilder(zone.Gateway) { Scheme = Uri.UriSchemeHttp, Path = "/api/health" }.Uri, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_gateway_is_started_again_for_its_next_certificate_and_everybody_has_what_is_theirs()
    {
        await zone.EnsureReadyAsync();
        var caller = (await ZoneTools.For(zone).Kratos.RegisterAsync()).Caller;
        var before = await SerialNumberAsync();
        Files.Current = Files.Current! with { NotAfter = DateTimeOffset.UtcNow };

        await zone.Application.Services.GetServices<IHostedService>().OfType<CertificateRenewal>().Single().RenewAsync(TestContext.Current.CancellationToken);

        await WaitForAsync(async () => await SerialNumberAsync() is { } now && now != before);
        (await caller.GetAsync("/api/me")).Expect(200);
    }

    [Theory]
    [InlineData("foreign", "PartialChain")]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("of another name", "RemoteCertificateNameMismatch")]
    public async Task A_gateway_with_a_certificate_that_does_not_count_is_sent_nothing_and_the_API_says_why(string what, string reason)
    {
        await zone.EnsureReadyAsync();
        var person = await ZoneTools.For(zone).Kratos.RegisterAsync();
        using var foreign = CertificateAuthority.Create("foreign");
        var own = Files.Authority.Authority;
        var issued = what switch
        {
            "foreign" => foreign.Issue(["localhost"], Lifetime),
            "expired" => own.Issue(["localhost"], TimeSpan.FromMilliseconds(1)),
            _ => own.Issue(["oathkeeper"], Lifetime),
        };
        await PresentAsync(issued);
        try
        {
            // Whoever asks looks at no certificate: the API does.
            using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null } }) { BaseAddress = zone.Gateway };
            http.DefaultRequestHeaders.Add("X-Session-Token", person.Session.Token);
            await WaitForAsync(async () => await http.StatusAsync("/api/me") == HttpStatusCode.ServiceUnavailable);
            await WaitForAsync(() => ApiSaysAsync(reason));
        }
        finally
        {
            await PresentAsync(own.Issue(["localhost", "oathkeeper"], Lifetime));
        }

        using var believing = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = zone.GatewayCertificate } }) { BaseAddress = zone.Gateway };
        believing.DefaultRequestHeaders.Add("X-Session-Token", person.Session.Token);
        await WaitForAsync(async () => await believing.StatusAsync("/api/me") == HttpStatusCode.OK);
    }

    private CertificateFilesAnnotation Files =>
        zone.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<OathkeeperResource>().Single()
            .Annotations.OfType<CertificateFilesAnnotation>().Single();

    /// <summary>Puts a certificate where the gateway looks for its own, and starts it again, as a renewal would.</summary>
    private async Task PresentAsync(IssuedCertificate issued)
    {
        ContainerFile[] files =
        [
            new() { Name = "tls.key", Contents = issued.KeyPem, Owner = Files.Owner, Mode = UnixFileMode.UserRead },
            new() { Name = "tls.crt", Contents = issued.CertificatePem, Mode = UnixFileMode.UserRead | UnixFileMode.OtherRead },
        ];
        var container = zone.ContainerOf("oathkeeper");
        var engine = zone.Application.Services.GetRequiredService<ContainerEngine>();
        await engine.RunAsync(["cp", "-", $"{container}:{CertificateFiles.Folder}"], CancellationToken.None, input: CertificateRenewal.Archive(files));
        await engine.RunAsync(["restart", container], CancellationToken.None);
    }

    private async Task<bool> ApiSaysAsync(string reason)
    {
        var (application, api) = (zone.Application, zone.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == "api"));
        await foreach (var lines in application.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(api).WithCancellation(TestContext.Current.CancellationToken))
        {
            if (lines.Any(line => line.Content.Contains("is not believed to be the gateway", StringComparison.Ordinal) && line.Content.Contains(reason, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The number of the certificate that the gateway presents; null where it does not answer.</summary>
    private async Task<string?> SerialNumberAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(zone.Gateway.Host, zone.Gateway.Port, TestContext.Current.CancellationToken);
            await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, certificate, _, _) => certificate is not null);
            await stream.AuthenticateAsClientAsync(zone.Gateway.Host);
            return new X509Certificate2(stream.RemoteCertificate!).SerialNumber;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return null;
        }
    }

    private static Task WaitForAsync(Func<Task<bool>> condition) => Waiting.UntilAsync(condition, Patience);
}
