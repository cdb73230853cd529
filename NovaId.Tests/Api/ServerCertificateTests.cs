using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using NovaId.ServiceDefaults;

namespace NovaId.Tests.Api;

/// <summary>A program that is given a certificate presents it, and takes the next one while it runs.</summary>
public sealed class ServerCertificateTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-certificate-");

    private string CertificateFile => Path.Combine(_folder.FullName, "tls.crt");

    private string KeyFile => Path.Combine(_folder.FullName, "tls.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_certificate_that_is_replaced_counts_from_the_next_connection_on_and_standing_ones_go_on()
    {
        var first = Replace();
        await using var app = await StartAsync();
        await using var standing = await ConnectAsync(app);
        Assert.Equal(first, SerialNumberOf(standing));

        var second = Replace();

        await WaitForAsync(async () =>
        {
            await using var next = await ConnectAsync(app);
            return SerialNumberOf(next) == second;
        });
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(standing));
    }

    [Theory]
    [InlineData("no certificate", "")]
    [InlineData("another's certificate", null)]
    public async Task What_cannot_be_read_leaves_the_certificate_from_before_until_it_can(string what, string? contents)
    {
        Assert.NotEmpty(what);
        var first = Replace();
        await using var app = await StartAsync();
        using var foreign = NewCertificate();
        Rewrite(CertificateFile, contents ?? foreign.ExportCertificatePem());
        for (var look = 0; look < 3; look++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            await using var next = await ConnectAsync(app);
            Assert.Equal(first, SerialNumberOf(next));
        }

        var second = Replace();

        await WaitForAsync(async () =>
        {
            await using var next = await ConnectAsync(app);
            return SerialNumberOf(next) == second;
        });
    }

    [Fact]
    public async Task Whoever_signed_it_is_presented_along_with_it()
    {
        // Who signed the signer is not presented: whoever trusts it has it.
        using var root = NewCertificate();
        using var signer = NewCertificate(root, signs: true);
        Replace(signer);
        await using var app = await StartAsync();

        X509ChainElementCollection? presented = null;
        await using var connection = await ConnectAsync(app, chain => presented = chain.ChainElements);

        Assert.Contains(presented!, element => element.Certificate.SerialNumber == signer.SerialNumber);
    }

    [Fact]
    public async Task It_speaks_as_it_does_without_TLS()
    {
        Replace();
        await using var app = await StartAsync();

        await using var connection = await ConnectAsync(app, protocols: [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]);

        Assert.Equal(SslApplicationProtocol.Http11, connection.NegotiatedApplicationProtocol);
    }

    [Theory]
    [InlineData("Tls:KeyFile", "Tls:CertificateFile names a file and Tls:KeyFile does not. Name both")]
    [InlineData("Tls:CertificateFile", "Tls:KeyFile names a file and Tls:CertificateFile does not. Name both")]
    public void One_file_of_two_is_refused_with_both_keys(string missing, string reason)
    {
        Replace();
        var builder = NewBuilder();
        builder.Configuration[missing] = null;

        Assert.StartsWith(reason, Assert.Throws<InvalidOperationException>(() => builder.AddServerCertificate()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_that_are_not_there_or_do_not_belong_together_are_refused_with_names_and_remedy(bool areThere)
    {
        if (areThere)
        {
            Replace();
            using var foreign = NewCertificate();
            File.WriteAllText(CertificateFile, foreign.ExportCertificatePem());
        }

        var refusal = Assert.Throws<InvalidOperationException>(() => NewBuilder().AddServerCertificate()).Message;

        Assert.StartsWith($"Tls:CertificateFile ({CertificateFile}) and Tls:KeyFile ({KeyFile}) hold no certificate with its private key: ", refusal, StringComparison.Ordinal);
        Assert.EndsWith("Both are PEM, and the key is not encrypted; let this program read them.", refusal, StringComparison.Ordinal);
    }

    private WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "https://127.0.0.1:0",
            [ServerCertificateExtensions.CertificateFile] = CertificateFile,
            [ServerCertificateExtensions.KeyFile] = KeyFile,
        });
        return builder;
    }

    private async Task<WebApplication> StartAsync()
    {
        var app = NewBuilder().AddServerCertificate().Build();
        app.MapGet("/", () => "here");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<SslStream> ConnectAsync(WebApplication app, Action<X509Chain>? look = null, List<SslApplicationProtocol>? protocols = null)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port, TestContext.Current.CancellationToken);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "api",
                ApplicationProtocols = protocols,
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                {
                    look?.Invoke(chain!);
                    return certificate is not null;
                },
            },
            TestContext.Current.CancellationToken);
        return stream;
    }

    private static string SerialNumberOf(SslStream stream) => new X509Certificate2(stream.RemoteCertificate!).SerialNumber;

    private static async Task<string?> AskAsync(SslStream stream)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: api\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Puts a new certificate in the place of the one that is there, as a renewal does: the key first, each in one step.</summary>
    private string Replace(X509Certificate2? signer = null)
    {
        using var certificate = NewCertificate(signer);
        Rewrite(KeyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Rewrite(CertificateFile, string.Join('\n', new[] { certificate, signer }.OfType<X509Certificate2>().Select(one => one.ExportCertificatePem())));
        return certificate.SerialNumber;
    }

    private static void Rewrite(string file, string contents)
    {
        File.WriteAllText($"{file}.new", contents);
        File.Move($"{file}.new", file, overwrite: true);
    }

    private static X509Certificate2 NewCertificate(X509Certificate2? signer = null, bool signs = false)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Guid.NewGuid()}", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: signs || signer is null, hasPathLengthConstraint: false, 0, critical: true));
        if (signer is null)
        {
            return request.CreateSelfSigned(now.AddMinutes(-1), now.AddHours(1));
        }

        using var signed = request.Create(signer, now.AddSeconds(-30), signs ? now.AddMinutes(40) : now.AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
    }
}
