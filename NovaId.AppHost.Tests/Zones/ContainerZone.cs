using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Contract;
using NovaId.Emulator.Network;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>The container zone, started through the AppHost as a test of an application would: its own networks, a port of its own, and
/// nothing kept. It is started by the first case that needs it; where it cannot be had, every case is skipped and says why.</summary>
public class ContainerZone : IZone, IAsyncDisposable
{
    private const string SealedImage = "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The programs are built to images first.</summary>
    private static readonly TimeSpan PatienceWhereSealed = TimeSpan.FromMinutes(10);

    private readonly Lazy<Task> _ready;
    private readonly Dictionary<string, string> _settings;
    private readonly string _instance = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private string? _missing;
    private bool _hasEnded;
    private bool _hasDashboard;

    public ContainerZone()
        : this([])
    {
    }

    internal ContainerZone(Dictionary<string, string> settings)
    {
        Operator = ServiceClient.WithKey("novaid-operator", ClientKey.Generate());
        _settings = new()
        {
            ["Zone:Kind"] = "containers",
            ["Zone:KeepData"] = "false",
            ["Zone:GatewayPort"] = "0",
            ["Zone:DemoPort"] = "0",
            ["Networks:Instance"] = _instance,
            ["Images:PullPolicy"] = "Never",
            ["Parameters:operator-client-key"] = Operator.Key!,
        };
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }

        _ready = new(StartAsync);
    }

    public string Kind => "containers";

    public Uri Gateway { get; private set; } = new("http://localhost:4455");

    public Uri? Api { get; private set; }

    public RemoteCertificateValidationCallback? GatewayCertificate => Gateway.Scheme == Uri.UriSchemeHttps ? Authority.Authority.Expecting("localhost") : null;

    public RemoteCertificateValidationCallback? ApiCertificate => Authority.Authority.Expecting("api");

    public ServiceClient Operator { get; }

    public IUpstreamRecorder? Upstream => null;

    public virtual IFaults? Faults => null;

    public bool CanExpireSessions => true;

    public bool CanAgeSessions => true;

    public bool EndsWithTheTests => true;

    /// <summary>The application.</summary>
    internal DistributedApplication Application { get; private set; } = null!;

    /// <summary>Whose certificates count inside.</summary>
    internal CertificateAuthorityResource Authority =>
        Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<CertificateAuthorityResource>().Single();

    /// <summary>What follows the name of a resource in that of its container.</summary>
    internal string Instance => _instance;

    /// <summary>The name of a resource's container.</summary>
    internal string ContainerOf(string resource) => $"{resource}-{_instance}";

    public async ValueTask EnsureReadyAsync()
    {
        await _ready.Value;
        Assert.False(_hasEnded, "This zone has ended so that another could start; no case on it may run beside or after one with a zone of its own.");
        Assert.SkipWhen(_missing is not null, $"No container zone: {_missing}.");
    }

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        UpdateSessionAsync(sessionId, "expires_at = now() - interval '1 minute'");

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken) =>
        UpdateSessionAsync(sessionId, $"authenticated_at = authenticated_at - interval '{(long)age.TotalSeconds} seconds'");

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await EndAsync();
    }

    /// <summary>Has the dashboard run beside the zone, as it does for whoever starts the AppHost.</summary>
    private protected void RunDashboard()
    {
        _hasDashboard = true;
        _settings["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        string[] addresses = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];
        foreach (var (address, port) in addresses.Zip(LoopbackPorts.Take(addresses.Length)))
        {
            _settings[address] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        }
    }

    /// <summary>Does something before the application is built.</summary>
    /// <returns>Why the zone cannot be had then; null if it can.</returns>
    private protected virtual string? Prepare(IDistributedApplicationTestingBuilder builder) => null;

    /// <summary>The images of everything that starts by itself.</summary>
    internal static IEnumerable<string> Images(IDistributedApplicationTestingBuilder builder) =>
        builder.Resources.OfType<ContainerResource>()
            .Where(container => !container.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            .Select(container => container.Annotations.OfType<ContainerImageAnnotation>().Last())
            .Select(image => $"{image.Image}:{image.Tag}")
            .Distinct();

    private async Task UpdateSessionAsync(string sessionId, string set)
    {
        var (code, output) = await Docker.RunAsync(
            "exec", ContainerOf("postgres"), "sh", "-c",
            $"PGPASSWORD=$POSTGRES_PASSWORD psql --username postgres --dbname kratos --command \"UPDATE sessions SET {set} WHERE id = '{Guid.Parse(sessionId)}'\"");
        Assert.True(code == 0 && output.Contains("UPDATE 1", StringComparison.Ordinal), output);
    }

    private async Task EndAsync()
    {
        if (Application is not null && !Interlocked.Exchange(ref _hasEnded, true))
        {
            await Application.StopAsync();
            await Application.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        string[] arguments = [.. _settings.Select(setting => $"--{setting.Key}={setting.Value}")];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(arguments, (options, _) => options.DisableDashboard = !_hasDashboard);
        var isSealed = _settings["Zone:Kind"] == "sealed";
        _missing = await Docker.MissingAsync(isSealed ? Images(builder).Append(SealedImage) : Images(builder)) ?? Prepare(builder);
        if (_missing is not null)
        {
            return;
        }

        await ZoneTurn.TakeAsync(EndAsync);
        using var patience = new CancellationTokenSource(isSealed ? PatienceWhereSealed : Patience);
        Application = await builder.BuildAsync(patience.Token);
        await Application.StartAsync(patience.Token);
        foreach (var resource in (string[])["operator", "api", "accounts", "admin", "demo"])
        {
            await Application.ResourceNotifications.WaitForResourceHealthyAsync(resource, patience.Token);
        }

        Gateway = new UriBuilder(Application.GetEndpoint("oathkeeper", "http")) { Host = "localhost" }.Uri;
        Api = _settings["Zone:Kind"] == "containers" ? Application.GetEndpoint("api", "https") : null;
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = GatewayCertificate } }) { BaseAddress = Gateway };
        // A container of its own that has started need not answer yet.
        while (await http.GetAsync(new Uri("/api/health", UriKind.Relative), patience.Token) is { IsSuccessStatusCode: false } refused)
        {
            if (!isSealed)
            {
                refused.EnsureSuccessStatusCode();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }
    }
}
