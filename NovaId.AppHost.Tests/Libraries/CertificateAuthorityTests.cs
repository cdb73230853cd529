using System.Formats.Tar;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NovaId.AppHost.Tests.Libraries;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authority");
    private readonly StoppedClock _clock = new();

    private string Kept => Path.Combine(_folder.FullName, "kept");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_certificate_is_for_a_server_of_just_these_names_and_for_no_longer_than_was_said()
    {
        using var authority = CertificateAuthority.Create("test", _clock);
        var issued = authority.Issue(["kratos", "kratos.example"], Lifetime);
        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);

        var extensions = certificate.Extensions;
        Assert.Equal(["kratos", "kratos.example"], extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Empty(extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses());
        Assert.Equal(["1.3.6.1.5.5.7.3.1"], extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value));
        Assert.False(extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal("1.2.840.10045.3.1.7", certificate.GetECDsaPublicKey()!.ExportParameters(includePrivateParameters: false).Curve.Oid.Value);
        Assert.Equal(_clock.GetUtcNow() + Lifetime, issued.NotAfter);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromDays(2), issued.RenewFrom);
        Assert.DoesNotContain("PRIVATE", issued.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_certificates_have_the_same_key_or_number()
    {
        using var authority = CertificateAuthority.Create("test", _clock);
        var issued = Enumerable.Range(0, 20).Select(_ => authority.Issue(["kratos"], Lifetime)).ToArray();

        Assert.Equal(issued.Length, issued.Select(one => one.KeyPem).Distinct().Count());
        Assert.Equal(issued.Length, issued.Select(one => X509Certificate2.CreateFromPem(one.CertificatePem).SerialNumber).Distinct().Count());
    }

    [Fact]
    public void No_certificate_outlives_its_authority()
    {
        using var authority = CertificateAuthority.Create("test", _clock);
        _clock.Now = authority.NotAfter - TimeSpan.FromHours(1);

        Assert.Equal(authority.NotAfter, authority.Issue(["kratos"], Lifetime).NotAfter);
    }

    [Fact]
    public void An_authority_is_kept_for_its_owner_alone_and_found_again()
    {
        using var first = CertificateAuthority.Keep(Kept, "test", _clock);
        using var second = CertificateAuthority.Keep(Kept, "test", _clock);

        Assert.Equal(first.CertificatePem, second.CertificatePem);
        using var signed = X509Certificate2.CreateFromPem(second.Issue(["kratos"], Lifetime).CertificatePem);
        Assert.True(IsTrusted(signed, first, _clock.GetUtcNow()));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Owner | UnixFileMode.UserExecute, new DirectoryInfo(Kept).UnixFileMode);
            Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(Kept, "authority.key")));
            Assert.Equal(["authority.crt", "authority.key"], Directory.EnumerateFiles(Kept).Select(Path.GetFileName).Order());
        }
    }

    [Theory]
    [InlineData(334, true)]
    [InlineData(336, false)]
    public void An_authority_that_is_about_to_end_is_replaced_at_the_next_start(int days, bool isKept)
    {
        using var first = CertificateAuthority.Keep(Kept, "test", _clock);
        _clock.Now += TimeSpan.FromDays(days);
        using var second = CertificateAuthority.Keep(Kept, "test", _clock);

        Assert.Equal(isKept, first.CertificatePem == second.CertificatePem);
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused_with_the_file_and_the_remedy()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows no file modes.");
        CertificateAuthority.Keep(Kept, "test", _clock).Dispose();
        var key = Path.Combine(Kept, "authority.key");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, File.GetUnixFileMode(key) | UnixFileMode.GroupRead);
        }


        var refusal = Assert.Throws<CertificateAuthorityException>(() => CertificateAuthority.Keep(Kept, "test", _clock));

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Remove it", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authority.crt", "nonsense")]
    [InlineData("authority.key", "nonsense")]
    [InlineData("authority.key", "of another")]
    [InlineData("authority.crt", "of a server")]
    public void What_is_no_authority_is_refused_with_the_files_and_the_remedy(string file, string what)
    {
        using var authority = CertificateAuthority.Keep(Kept, "test", _clock);
        var issued = authority.Issue(["kratos"], Lifetime);
        File.WriteAllText(Path.Combine(Kept, file), what switch
        {
            "of another" => issued.KeyPem,
            "of a server" => issued.CertificatePem,
            _ => what,
        });
        if (what == "of a server")
        {
            File.WriteAllText(Path.Combine(Kept, "authority.key"), issued.KeyPem);
        }

        var refusal = Assert.Throws<CertificateAuthorityException>(() => CertificateAuthority.Keep(Kept, "test", _clock));

        Assert.Contains(Path.Combine(Kept, "authority.crt"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Remove both", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("its own", "kratos", null)]
    [InlineData("its own", "hydra", "RemoteCertificateNameMismatch")]
    [InlineData("foreign", "kratos", "PartialChain")]
    [InlineData("expired", "kratos", "NotTimeValid")]
    public async Task A_server_passes_with_its_own_name_and_a_certificate_that_counts_and_with_no_other(string certificate, string called, string? reason)
    {
        using var authority = CertificateAuthority.Create("test", _clock);
        using var other = CertificateAuthority.Create("test", _clock);
        var issued = (certificate == "foreign" ? other : authority).Issue(["kratos"], Lifetime);
        var at = certificate == "expired" ? issued.NotAfter + TimeSpan.FromSeconds(1) : _clock.GetUtcNow();

        var refusal = await ShakeHandsAsync(issued, called, authority, at);

        if (reason is null)
        {
            Assert.Null(refusal);
        }
        else
        {
            Assert.Contains(reason, refusal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_running_server_is_given_the_key_before_the_certificate_and_to_its_user_alone()
    {
        var files = new CertificateFilesAnnotation(new CertificateAuthorityResource("authority", folder: null)) { Names = ["kratos"], Owner = 10000 };
        using var archive = new TarReader(new MemoryStream(CertificateRenewal.Archive(files.NewFiles())));
        var entries = new List<string>();
        while (archive.GetNextEntry() is { } entry)
        {
            entries.Add($"{entry.Name} {entry.Uid} {Convert.ToString((int)entry.Mode, toBase: 8)}");
        }

        Assert.Equal(["ca.crt 0 644", "tls.key 10000 400", "tls.crt 0 644"], entries);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_programs_files_stand_where_nobody_but_this_user_enters_and_are_gone_afterwards(bool isMounted)
    {
        var folder = new CertificateFolder(isMounted);
        var files = new CertificateFilesAnnotation(new CertificateAuthorityResource("authority", folder: null)) { Names = ["api"] };
        folder.Write(files.NewFiles());
        try
        {
            Assert.Equal(["ca.crt", "tls.crt", "tls.key"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order());
            using var certificate = X509Certificate2.CreateFromPemFile(folder.PathOf("tls.crt"), folder.PathOf("tls.key"));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal("700", Mode(Path.GetDirectoryName(folder.Path)!));
                // Whom it is mounted for, it is read by whatever user that is.
                Assert.Equal(isMounted ? ("755", "644") : ("700", "600"), (Mode(folder.Path), Mode(folder.PathOf("tls.key"))));
            }

            folder.Write(files.NewFiles());
            using var next = X509Certificate2.CreateFromPemFile(folder.PathOf("tls.crt"), folder.PathOf("tls.key"));
            Assert.NotEqual(certificate.SerialNumber, next.SerialNumber);

            // It is this process's, which has not ended.
            CertificateFolder.RemoveForsaken();
            Assert.True(Directory.Exists(folder.Path));
            File.WriteAllText(Path.Combine(folder.Path, "..", "owner"), $"{Environment.MachineName}:{int.MaxValue}:1");
            CertificateFolder.RemoveForsaken();
            Assert.False(Directory.Exists(folder.Path));
        }
        finally
        {
            folder.Remove();
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(folder.Path)));

        static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), toBase: 8);
    }

    [Theory]
    [InlineData("api", 0, true)]
    [InlineData("accounts", 0, false)]
    [InlineData("api", 61, false)]
    public void A_client_of_this_machine_believes_the_name_that_it_expects_and_no_other(string name, int minutes, bool isBelieved)
    {
        var clock = new StoppedClock();
        using var authority = CertificateAuthority.Create("zone", clock);
        using var foreign = CertificateAuthority.Create("zone", clock);
        var issued = authority.Issue(["api"], TimeSpan.FromHours(1));
        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem);
        clock.Now += TimeSpan.FromMinutes(minutes);

        Assert.Equal(isBelieved, authority.Expecting(name)(this, certificate, chain: null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(foreign.Expecting(name)(this, certificate, chain: null, SslPolicyErrors.None));
        Assert.False(authority.Expecting(name)(this, certificate: null, chain: null, SslPolicyErrors.RemoteCertificateNotAvailable));
    }

    private static async Task<string?> ShakeHandsAsync(IssuedCertificate issued, string called, CertificateAuthority trusted, DateTimeOffset at)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var pair = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);
        var serving = Task.Run(async () =>
        {
            using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await using var server = new SslStream(accepted.GetStream());
            try
            {
                await server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = pair });
            }
            catch (Exception exception) when (exception is AuthenticationException or IOException)
            {
                // The client says why.
            }
        });
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream());
        string? refusal = null;
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = called,
                    CertificateChainPolicy = PolicyOf(trusted, at),
                    RemoteCertificateValidationCallback = (_, _, chain, errors) =>
                    {
                        refusal = errors == SslPolicyErrors.None ? null : $"{errors} {string.Join(' ', chain!.ChainStatus.Select(status => status.Status))}";
                        return errors == SslPolicyErrors.None;
                    },
                },
                TestContext.Current.CancellationToken);
        }
        catch (AuthenticationException)
        {
            Assert.NotNull(refusal);
        }

        await serving;
        return refusal;
    }

    private static bool IsTrusted(X509Certificate2 certificate, CertificateAuthority authority, DateTimeOffset at)
    {
        using var chain = new X509Chain { ChainPolicy = PolicyOf(authority, at) };
        return chain.Build(certificate);
    }

    private static X509ChainPolicy PolicyOf(CertificateAuthority authority, DateTimeOffset at)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = at.UtcDateTime, VerificationTimeIgnored = false };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.CertificatePem));
        return policy;
    }

    /// <summary>A clock that stands still, at a whole second, as certificates count.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
