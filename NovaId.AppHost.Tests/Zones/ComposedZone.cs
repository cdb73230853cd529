using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using NovaId.Contract;
using NovaId.Emulator.Network;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>
/// The zone as whoever publishes it starts it: the five images built, every variable of <c>.env</c> filled in, and <c>docker compose up</c>.
/// It is started by the first case that needs it; where it cannot be had, every case is skipped and says why.
/// </summary>
public sealed partial class ComposedZone : IZone, IAsyncDisposable
{
    private const string OperatorKey = "OPERATOR_CLIENT_KEY=";

    internal const string FirstGeneral = "first@contract.test";

    private static readonly string[] Programs = ["Api", "Accounts", "Admin", "Demo", "Operator"];

    private readonly Lazy<Task> _ready;
    private readonly string _project = $"novaid-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-composed-").FullName;
    private X509Certificate2? _authority;
    private string? _missing;
    private bool _isUp;

    public ComposedZone() => _ready = new(StartAsync);

    public string Kind => "compose";

    public Uri Gateway { get; private set; } = new("https://localhost:4455");

    public RemoteCertificateValidationCallback? GatewayCertificate => (_, presented, _, _) =>
    {
        using var certificate = X509CertificateLoader.LoadCertificate(presented!.GetRawCertData());
        return CertificateAuthority.Refusal(_authority!, certificate, ["localhost"]) is null;
    };

    public Uri? Api => null;

    public ServiceClient Operator { get; private set; } = new("novaid-operator", "");

    public IUpstreamRecorder? Upstream => null;

    public bool CanExpireSessions => false;

    public bool CanAgeSessions => false;

    public bool EndsWithTheTests => true;

    public async ValueTask EnsureReadyAsync()
    {
        await _ready.Value;
        Assert.SkipWhen(_missing is not null, $"No published zone: {_missing}.");
    }

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        _authority?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The engine's name of a network of the published file.</summary>
    internal string NetworkOf(string network) => $"{_project}_{network}";

    /// <summary>A command of <c>docker compose</c> on this zone, as it is written in its documentation.</summary>
    internal Task<(int ExitCode, string Output)> ComposeAsync(params string[] arguments) =>
        Docker.RunAsync(["compose", "--project-name", _project, "--project-directory", _folder, "--progress", "quiet", .. arguments]);

    /// <summary>What a shell says that stands in a volume of the published file.</summary>
    internal async Task<string> InVolumeAsync(string volume, string command, params (string Name, string Value)[] environment)
    {
        var (code, output) = await Docker.RunAsync(
            ["run", "--rm", "--network", "none", "--volume", $"{_project}_{volume}:/volume", "--workdir", "/volume", .. environment.SelectMany(variable => (string[])["--env", $"{variable.Name}={variable.Value}"]), "busybox:1.37", "sh", "-c", command]);
        Assert.True(code == 0, output);
        return output;
    }

    /// <summary>The engine's name of the container of a service.</summary>
    internal string ContainerOf(string service) => $"{_project}-{service}-1";

    private async Task StartAsync()
    {
        var ports = LoopbackPorts.Take(2);
        Gateway = new UriBuilder(Uri.UriSchemeHttps, "localhost", ports[0]).Uri;
        await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
            ["--operation", "publish", "--step", "publish", "--output-path", _folder, "--Zone:KeepData=false", $"--Zone:GatewayPort={ports[0]}", $"--Zone:DemoPort={ports[1]}"]))
        {
            _missing = await Docker.MissingAsync(ContainerZone.Images(builder).Append("mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled"))
                ?? ((await Docker.RunAsync("compose", "version")).ExitCode == 0 ? null : "the engine's client has no 'compose'");
            if (_missing is not null)
            {
                return;
            }

            await using var app = await builder.BuildAsync();
            await app.RunAsync();
        }

        await ZoneTurn.TakeAsync(DownAsync);
        await FillInAsync();
        foreach (var program in Programs)
        {
            await BuildAsync(program);
        }

        _isUp = true;
        var (code, output) = await ComposeAsync("up", "--wait", "--wait-timeout", "300", "--pull", "never");
        Assert.True(code == 0, output);
        _authority = X509Certificate2.CreateFromPem(await InVolumeAsync("authority-_clients", "cat ca.crt"));
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = GatewayCertificate } }) { BaseAddress = Gateway };
        (await http.GetAsync(new Uri("/api/health", UriKind.Relative))).EnsureSuccessStatusCode();
    }

    private async Task DownAsync()
    {
        if (Interlocked.Exchange(ref _isUp, false))
        {
            await ComposeAsync("down", "--volumes", "--timeout", "2");
            await Docker.RunAsync(["image", "rm", .. Programs.Select(Image)]);
        }
    }

    private async Task FillInAsync()
    {
        var file = Path.Combine(_folder, ".env");
        await File.WriteAllTextAsync(file, Unset().Replace(await File.ReadAllTextAsync(file), variable => variable.Value + Value(variable.Groups[1].Value)));

        // What makes the gateway's own key, not every machine has; all other secrets are made as by whoever deploys.
        var (code, said) = await Docker.CommandAsync("sh", Path.Combine(_folder, "secrets.sh"));
        Assert.True(code == 0, said);
        var key = (await File.ReadAllLinesAsync(file)).Single(line => line.StartsWith(OperatorKey, StringComparison.Ordinal))[OperatorKey.Length..];
        Operator = ServiceClient.WithKey("novaid-operator", key);

        string Value(string name) => name switch
        {
            "GATEWAY_ADDRESS" => Gateway.GetLeftPart(UriPartial.Authority),
            "FIRST_GENERAL" => FirstGeneral,
            "SIGNING_KEY" => $"'{SigningKey.Generate()}'",
            _ when name.EndsWith("_IMAGE", StringComparison.Ordinal) => Image(name[..^"_IMAGE".Length]),
            _ => "",
        };
    }

    private async Task BuildAsync(string program)
    {
        var project = Path.Combine(Projects.NovaId_AppHost.ProjectPath, "..", $"NovaId.{program}");
        var output = Path.Combine(_folder, "images", program);
        var (code, said) = await Docker.CommandAsync("dotnet", "publish", project, "--configuration", "Release", "--output", output, "--nologo", "--verbosity", "quiet");
        Assert.True(code == 0, said);
        (code, said) = await Docker.RunAsync("build", "--file", Path.Combine(project, "Dockerfile"), "--tag", Image(program), output);
        Assert.True(code == 0, said);
    }

    private static string Image(string program) => $"novaid-published-{program.ToLowerInvariant()}:test";

    [GeneratedRegex("^([A-Z_]+)=$", RegexOptions.Multiline)]
    private static partial Regex Unset();
}
