using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using NovaId.Certificates;

namespace NovaId.Tests.Operators;

/// <summary>The command that signs the certificates of a published zone, as a process of its own.</summary>
public sealed class AuthorityCommandTests : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-authority-").FullName;
    private readonly string _user = Run("id", "-u");

    public AuthorityCommandTests()
    {
        foreach (var name in (string[])["kratos", "gateway", "clients"])
        {
            Directory.CreateDirectory(Path.Combine(Root, name));
        }
    }

    private string Root => Path.Combine(_folder, "certificates");

    private string Key => Path.Combine(_folder, "authority");

    private string[] Arguments =>
    [
        "authority", "--key-folder", Key, "--folder", Root, "--lifetime", "72h",
        "--server", $"kratos={_user}:kratos", "--restarted-server", $"gateway={_user}:oathkeeper,localhost,localhost", "--client", "clients",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_first_start_makes_an_authority_and_everybodys_certificate()
    {
        var missing = await OperatorRun.RunAsync([.. Arguments, "--check"]);
        Assert.Equal(1, missing.Code);
        Assert.Contains("'kratos' has no certificate of the authority yet.", missing.Errors, StringComparison.Ordinal);
        Assert.Contains("'clients' has no certificate of the authority yet.", missing.Errors, StringComparison.Ordinal);

        var run = await RunUntilAsync(async () => (await OperatorRun.RunAsync([.. Arguments, "--check"])).Code == 0);

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("'kratos' has a new certificate for kratos, which counts until ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", run.Output, StringComparison.Ordinal);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(PathOf("clients", "ca.crt"));
        using var kratos = X509Certificate2.CreateFromPemFile(PathOf("kratos", "tls.crt"), PathOf("kratos", "tls.key"));
        using var gateway = X509Certificate2.CreateFromPemFile(PathOf("gateway", "tls.crt"), PathOf("gateway", "tls.key"));
        Assert.Null(CertificateAuthority.Refusal(authority, kratos, ["kratos"]));
        Assert.Null(CertificateAuthority.Refusal(authority, gateway, ["oathkeeper", "localhost"]));
        Assert.Equal(["ca.crt"], Directory.EnumerateFiles(Path.Combine(Root, "clients")).Select(Path.GetFileName));
        Assert.Equal(["ca.crt", "tls.crt", "tls.key"], Directory.EnumerateFiles(Path.Combine(Root, "kratos")).Select(Path.GetFileName).Order());
        Assert.InRange(kratos.NotAfter - DateTime.Now, TimeSpan.FromHours(71), TimeSpan.FromHours(72));
        Assert.InRange(gateway.NotAfter - DateTime.Now, TimeSpan.FromDays(29), TimeSpan.FromDays(30));
        Assert.True(File.GetLastWriteTimeUtc(PathOf("kratos", "tls.key")) <= File.GetLastWriteTimeUtc(PathOf("kratos", "tls.crt")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(PathOf("kratos", "tls.key")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Key, "authority.key")));
        }

        // Who is the last to be looked at lacks a certificate, and who counts keeps theirs.
        File.Delete(PathOf("gateway", "tls.crt"));
        var again = await RunAsync();
        Assert.DoesNotContain("kratos", again.Output, StringComparison.Ordinal);
        using var kept = X509CertificateLoader.LoadCertificateFromFile(PathOf("kratos", "tls.crt"));
        Assert.Equal(kratos.SerialNumber, kept.SerialNumber);
    }

    [Theory]
    [InlineData("in its last third", "the one before counted until")]
    [InlineData("expired", "the one before counted until")]
    [InlineData("foreign", "the one before is of another authority")]
    [InlineData("of another name", "the one before is not for the name kratos")]
    [InlineData("of one name too many", "the one before was for the name hydra too")]
    [InlineData("nonsense", "what stood there was no certificate")]
    [InlineData("older than its key", "its key was newer than the certificate")]
    public async Task What_does_not_count_any_more_is_replaced_and_it_is_said_why(string what, string reason)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow - TimeSpan.FromHours(what switch { "expired" => 80, "in its last third" => 50, _ => 1 }));
        using var own = CertificateAuthority.Keep(Key, "authority", clock);
        using var foreign = CertificateAuthority.Create("foreign", clock);
        var issued = what switch
        {
            "foreign" => foreign.Issue(["kratos"], Lifetime),
            "of another name" => own.Issue(["hydra"], Lifetime),
            "of one name too many" => own.Issue(["kratos", "hydra"], Lifetime),
            _ => own.Issue(["kratos"], Lifetime),
        };
        File.WriteAllText(PathOf("kratos", "tls.key"), issued.KeyPem);
        File.WriteAllText(PathOf("kratos", "tls.crt"), what == "nonsense" ? what : issued.CertificatePem);
        if (what == "older than its key")
        {
            File.SetLastWriteTimeUtc(PathOf("kratos", "tls.crt"), DateTime.UtcNow - TimeSpan.FromMinutes(1));
        }

        var run = await RunAsync();

        Assert.Contains("'kratos' has a new certificate for kratos", run.Output, StringComparison.Ordinal);
        Assert.Contains(reason, run.Output, StringComparison.Ordinal);
        using var kratos = X509Certificate2.CreateFromPemFile(PathOf("kratos", "tls.crt"), PathOf("kratos", "tls.key"));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(PathOf("clients", "ca.crt"));
        Assert.Equal(own.CertificatePem, authority.ExportCertificatePem());
        Assert.Null(CertificateAuthority.Refusal(authority, kratos, ["kratos"]));
        Assert.NotEqual(issued.KeyPem, File.ReadAllText(PathOf("kratos", "tls.key")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_filled_is_named_the_others_are_filled_and_it_is_tried_again()
    {
        Directory.Delete(Path.Combine(Root, "kratos"));
        string[] arguments = [.. Arguments.Select(argument => argument == "72h" ? "60s" : argument)];

        var run = await RunUntilAsync(
            async () =>
            {
                if (!File.Exists(PathOf("gateway", "tls.crt")))
                {
                    return false;
                }

                var check = await OperatorRun.RunAsync([.. arguments, "--check"]);
                if (check.Code != 0)
                {
                    Assert.Equal("'kratos' has no certificate of the authority yet.", check.Errors.Trim());
                    Directory.CreateDirectory(Path.Combine(Root, "kratos"));
                }

                return check.Code == 0;
            },
            arguments);

        Assert.Equal(0, run.Code);
        Assert.Contains("'kratos' has no new certificate: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"Let this program write into {Path.Combine(Root, "kratos")}", run.Errors, StringComparison.Ordinal);
        Assert.Contains("'kratos' has a new certificate", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_over_is_replaced_at_a_start_with_everything_that_it_signed()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow - TimeSpan.FromDays(366));
        using var over = CertificateAuthority.Keep(Key, "authority", clock);
        var issued = over.Issue(["kratos"], Lifetime);
        File.WriteAllText(PathOf("clients", "ca.crt"), over.CertificatePem);
        File.WriteAllText(PathOf("kratos", "tls.key"), issued.KeyPem);
        File.WriteAllText(PathOf("kratos", "tls.crt"), issued.CertificatePem);

        Assert.Contains("'kratos' has a new certificate", (await RunAsync()).Output, StringComparison.Ordinal);

        Assert.NotEqual(over.CertificatePem, File.ReadAllText(PathOf("clients", "ca.crt")));
        Assert.Equal(0, (await OperatorRun.RunAsync([.. Arguments, "--check"])).Code);
    }

    [Fact]
    public async Task An_authority_that_cannot_be_used_is_named_with_the_remedy_and_nothing_is_signed()
    {
        CertificateAuthority.Keep(Key, "authority").Dispose();
        File.WriteAllText(Path.Combine(Key, "authority.crt"), "nonsense");

        var run = await OperatorRun.RunAsync(Arguments);

        Assert.Equal(2, run.Code);
        Assert.Contains($"{Path.Combine(Key, "authority.crt")} and authority.key beside it hold no certificate authority", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Remove both", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Root, "kratos")));
    }

    [Theory]
    [InlineData("--lifetime 31d", "--lifetime is '31d'. Write a time from 1m to 720h, such as 72h.")]
    [InlineData("--lifetime 721h", "--lifetime is '721h'.")]
    [InlineData("--lifetime 59s", "--lifetime is '59s'.")]
    [InlineData("--server kratos", "--server is 'kratos'. Write a name, the numeric id of the user who reads the key, and host names: kratos=10000:kratos,kratos.example.org.")]
    [InlineData("--server kratos=ory:kratos", "--server is 'kratos=ory:kratos'.")]
    [InlineData("--server ../kratos=1:kratos", "--server is '../kratos=1:kratos'.")]
    [InlineData("--restarted-server gateway=1:oathkeeper,10.0.0.1", "--restarted-server gives 'gateway' the name '10.0.0.1', which is no host name that a certificate can be for.")]
    [InlineData("--restarted-server gateway=1:oathkeeper,", "the name ''")]
    [InlineData("--client ../clients", "--client is '../clients'. Write the name of a folder")]
    [InlineData("--client one --client one", "'one' is named twice.")]
    [InlineData("--server kratos=1:kratos --restarted-server kratos=1:kratos", "'kratos' is named twice.")]
    public async Task Bad_input_is_named_and_nothing_is_made(string line, string said)
    {
        var run = await OperatorRun.RunAsync(["authority", "--key-folder", Key, "--folder", Root, .. line.Split(' ')]);

        Assert.Equal(2, run.Code);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Key));
    }

    private string PathOf(string name, string file) => Path.Combine(Root, name, file);

    /// <summary>Runs the command until everything counts, and stops it as an engine does.</summary>
    private Task<OperatorRun> RunAsync() => RunUntilAsync(async () =>
        // Whoever has looked at everything once has written the last folder.
        File.Exists(PathOf("gateway", "tls.crt")) && (await OperatorRun.RunAsync([.. Arguments, "--check"])).Code == 0);

    private async Task<OperatorRun> RunUntilAsync(Func<Task<bool>> done, string[]? arguments = null)
    {
        using var process = Process.Start(OperatorRun.Prepare(arguments ?? Arguments))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(Patience);
            while (!process.HasExited && !await done())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            }

            if (!process.HasExited)
            {
                Run("kill", "-s", "TERM", process.Id.ToString(CultureInfo.InvariantCulture));
            }

            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is for containers of Linux.");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said.Trim();
    }
}
