using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaId.Api.Gateway;
using NovaId.ServiceDefaults;
using OpenTelemetry.Trace;

namespace NovaId.Tests.Api;

/// <summary>Whom a program believes, where an authority of its own says so: the gateway, and who takes its telemetry.</summary>
public sealed class ServerTrustTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-trust-");

    private string AuthorityFile => Path.Combine(_folder.FullName, "ca.crt");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("its own", "localhost", 0, null)]
    [InlineData("foreign", "localhost", 0, "PartialChain")]
    [InlineData("its own", "localhost", -60, "NotTimeValid")]
    [InlineData("its own", "api", 0, "RemoteCertificateNameMismatch")]
    public async Task A_server_is_believed_for_its_name_and_authority_and_a_refusal_says_which(string whose, string name, int minutes, string? reason)
    {
        using var own = NewAuthority();
        using var foreign = NewAuthority();
        await File.WriteAllTextAsync(AuthorityFile, own.ExportCertificatePem(), TestContext.Current.CancellationToken);
        using var certificate = Sign(whose == "foreign" ? foreign : own, name, DateTimeOffset.UtcNow.AddMinutes(minutes));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = ServerTrust.InAuthoritiesOf(AuthorityFile) } });
        var address = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        if (reason is null)
        {
            Assert.Equal("here", await http.GetStringAsync(address, TestContext.Current.CancellationToken));
        }
        else
        {
            var failure = GatewayUnavailableException.Of(
                GatewayService.Kratos, "cannot be reached.", await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(address, TestContext.Current.CancellationToken)));
            Assert.Equal(GatewayService.Gateway, failure.Service);
            Assert.StartsWith("is not believed to be the gateway. ", failure.Reason, StringComparison.Ordinal);
            Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
        }

        await serving;
    }

    [Theory]
    [InlineData("its own", "localhost", true)]
    [InlineData("foreign", "localhost", false)]
    [InlineData("its own", "telemetry", false)]
    public async Task Telemetry_is_sent_to_whom_the_authority_of_its_variable_knows_by_that_name(string whose, string name, bool isSent)
    {
        using var own = NewAuthority();
        using var foreign = NewAuthority();
        await File.WriteAllTextAsync(AuthorityFile, own.ExportCertificatePem(), TestContext.Current.CancellationToken);
        using var certificate = Sign(whose == "foreign" ? foreign : own, name, DateTimeOffset.UtcNow);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var receiving = ServeAsync(listener, certificate);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("OTEL_EXPORTER_OTLP_ENDPOINT", $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"),
            new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            new("OTEL_EXPORTER_OTLP_CERTIFICATE", AuthorityFile),
        ]);
        builder.AddTelemetry();
        await using var app = builder.Build();
        var provider = app.Services.GetRequiredService<TracerProvider>();
        using (var source = new ActivitySource("NovaId.Test"))
        {
            source.StartActivity("a request")?.Dispose();
        }

        _ = Task.Run(() => provider.ForceFlush(), TestContext.Current.CancellationToken);

        var heard = await receiving;
        Assert.Equal(isSent, heard?.StartsWith("POST /v1/traces HTTP/1.1", StringComparison.Ordinal) ?? false);
        Assert.Equal(isSent, heard is not null);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "holds no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    public async Task A_file_without_an_authority_is_named_with_the_remedy(string? contents, string reason)
    {
        if (contents is not null)
        {
            await File.WriteAllTextAsync(AuthorityFile, contents, TestContext.Current.CancellationToken);
        }

        var refusal = Assert.Throws<FormatException>(() => ServerTrust.InAuthoritiesOf(AuthorityFile)).Message;

        Assert.StartsWith($"{AuthorityFile} {reason}", refusal, StringComparison.Ordinal);
        Assert.Contains("Name a file with the authority's certificate (PEM)", refusal, StringComparison.Ordinal);
    }

    /// <summary>Serves one client over TLS.</summary>
    /// <returns>What it said; null where it said nothing.</returns>
    private static async Task<string?> ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, TestContext.Current.CancellationToken);
            var buffer = new byte[4096];
            if (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var length)
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere"u8.ToArray(), TestContext.Current.CancellationToken);
                return Encoding.ASCII.GetString(buffer, 0, length);
            }
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // The client says why.
        }

        return null;
    }

    private static X509Certificate2 NewAuthority()
    {
        var request = new CertificateRequest($"CN={Guid.NewGuid()}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Sign(X509Certificate2 authority, string name, DateTimeOffset from)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, from.AddMinutes(-5), from.AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
