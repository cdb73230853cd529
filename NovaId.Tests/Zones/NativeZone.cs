using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NovaId.Contract;

namespace NovaId.Tests.Zones;

/// <summary>The real Ory programs on the configuration of this repository, with a PostgreSQL of their own and the API of this
/// repository, all on the loopback interface. It is started by the first case that needs it.</summary>
public sealed class NativeZone : IZone, IAsyncDisposable
{
    private const string Variable = "NOVAID_ORY_BIN";
    private const string FolderPrefix = "novaid-zone-";

    private readonly string? _programs = Environment.GetEnvironmentVariable(Variable);
    private readonly Lazy<Task> _ready;
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private DirectoryInfo? _folder;
    private NativePostgres? _postgres;
    private readonly FaultProxies? _faults;
    private UpstreamRecorder? _recorder;

    /// <param name="canFail">Whether there are switches that make its services fail.</param>
    public NativeZone(bool canFail = false)
    {
        _faults = canFail ? Keep(new FaultProxies()) : null;
        _ready = new(StartAsync);
    }

    public string Kind => "real Ory programs";

    public Uri Gateway { get; private set; } = new("http://127.0.0.1:4455");

    public Uri? Api => _recorder?.Api;

    public ServiceClient Operator { get; private set; } = new("novaid-operator", "");

    public IUpstreamRecorder? Upstream => _recorder;

    public IFaults? Faults => _faults;

    public bool CanExpireSessions => true;

    public bool EndsWithTheTests => true;

    public async ValueTask EnsureReadyAsync()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_programs), $"{Variable} names no folder with kratos, keto, hydra and oathkeeper, and NOVAID_GATEWAY no zone that already runs.");
        await _ready.Value;
    }

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        UpdateSessionAsync(sessionId, "expires_at = now() - interval '1 minute'");

    public bool CanAgeSessions => true;

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken) =>
        UpdateSessionAsync(sessionId, $"authenticated_at = authenticated_at - interval '{(long)age.TotalSeconds} seconds'");

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        _http.Dispose();
        if (_folder is not null)
        {
            Delete(_folder);
        }
    }

    private Task UpdateSessionAsync(string sessionId, string set) =>
        _postgres!.ExecuteAsync("kratos", $"UPDATE sessions SET {set} WHERE id = '{Guid.Parse(sessionId)}';");

    private async Task StartAsync()
    {
        string[] programs = ["kratos", "keto", "hydra", "oathkeeper"];
        string[] missing = [.. programs.Where(program => !File.Exists(Path.Combine(_programs!, program)))];
        if (missing.Length > 0)
        {
            throw new InvalidOperationException($"{Variable} names {_programs}, in which {string.Join(", ", missing)} is missing.");
        }

        DeleteForsakenFolders();
        _folder = Directory.CreateTempSubdirectory($"{FolderPrefix}{Environment.ProcessId}-");
        if (!OperatingSystem.IsWindows())
        {
            // The database may run as somebody else and must reach its own folder inside.
            const UnixFileMode Passable = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | Passable);
        }

        var ports = new Queue<int>(LoopbackPorts.Take(13));
        var postgresPort = ports.Dequeue();
        var (gateway, gatewayApi, gatewayMetrics) = (ports.Dequeue(), ports.Dequeue(), ports.Dequeue());
        var (kratosPublic, kratosAdmin) = (ports.Dequeue(), ports.Dequeue());
        var (hydraPublic, hydraAdmin) = (ports.Dequeue(), ports.Dequeue());
        var (ketoRead, ketoWrite, ketoMetrics, ketoSyntax) = (ports.Dequeue(), ports.Dequeue(), ports.Dequeue(), ports.Dequeue());
        Gateway = new($"http://127.0.0.1:{gateway}");
        var gatewayAddress = Gateway.GetLeftPart(UriPartial.Authority);
        _recorder = Keep(await UpstreamRecorder.StartAsync());

        var configuration = new NativeConfiguration(_folder, new Dictionary<string, string>
        {
            ["http://127.0.0.1:4455"] = gatewayAddress,
            ["http://127.0.0.1:4456"] = $"http://127.0.0.1:{gatewayApi}",
            ["http://kratos:4433"] = await AddressOfAsync(FaultyService.Kratos, kratosPublic),
            ["http://kratos:4434"] = await AddressOfAsync(FaultyService.Kratos, kratosAdmin),
            ["http://keto:4466"] = await AddressOfAsync(FaultyService.Keto, ketoRead),
            ["http://keto:4467"] = await AddressOfAsync(FaultyService.Keto, ketoWrite),
            ["http://hydra:4444"] = await AddressOfAsync(FaultyService.Hydra, hydraPublic),
            ["http://hydra:4445"] = await AddressOfAsync(FaultyService.Hydra, hydraAdmin),
            ["http://api:8080"] = _recorder.Address.GetLeftPart(UriPartial.Authority),
        });

        _postgres = Keep(await NativePostgres.StartAsync(_folder, postgresPort, configuration.PathOf("postgres/databases.sql"), "kratos", "keto", "hydra"));

        var oathkeeper = Serve("oathkeeper", "oathkeeper/oathkeeper.yml", [], [], new()
        {
            ["SERVE_PROXY_HOST"] = "127.0.0.1",
            ["SERVE_PROXY_PORT"] = Text(gateway),
            ["SERVE_API_PORT"] = Text(gatewayApi),
            ["SERVE_PROMETHEUS_PORT"] = Text(gatewayMetrics),
            ["MUTATORS_ID_TOKEN_CONFIG_JWKS_URL"] = configuration.WriteSigningKey(),
            ["MUTATORS_ID_TOKEN_CONFIG_ISSUER_URL"] = gatewayAddress,
        });
        string[] migrateSql = ["migrate", "sql", "up", "-e", "--yes"];
        string[] kratosSecrets = ["SECRETS_DEFAULT", "SECRETS_COOKIE", "SECRETS_CIPHER", "SECRETS_PAGINATION"];
        var kratos = MigrateAndServeAsync("kratos", migrateSql, [], kratosSecrets, new()
        {
            ["CIPHERS_ALGORITHM"] = "xchacha20-poly1305",
            ["SERVE_PUBLIC_BASE_URL"] = $"{gatewayAddress}/.ory/kratos/public/",
            ["SERVE_PUBLIC_HOST"] = "127.0.0.1",
            ["SERVE_PUBLIC_PORT"] = Text(kratosPublic),
            ["SERVE_ADMIN_HOST"] = "127.0.0.1",
            ["SERVE_ADMIN_PORT"] = Text(kratosAdmin),
            ["COOKIES_SECURE"] = "false",
            ["SESSION_COOKIE_SECURE"] = "false",
        });
        var keto = MigrateAndServeAsync("keto", ["migrate", "up", "-y"], [], ["SECRETS_PAGINATION"], new()
        {
            ["SERVE_READ_HOST"] = "127.0.0.1",
            ["SERVE_READ_PORT"] = Text(ketoRead),
            ["SERVE_WRITE_HOST"] = "127.0.0.1",
            ["SERVE_WRITE_PORT"] = Text(ketoWrite),
            ["SERVE_METRICS_PORT"] = Text(ketoMetrics),
            ["SERVE_OPL_PORT"] = Text(ketoSyntax),
        });
        string[] hydraSecrets = ["SECRETS_SYSTEM", "SECRETS_COOKIE", "SECRETS_PAGINATION"];
        var hydra = MigrateAndServeAsync("hydra", migrateSql, ["all"], hydraSecrets, new()
        {
            ["URLS_SELF_ISSUER"] = gatewayAddress,
            ["URLS_SELF_PUBLIC"] = gatewayAddress,
            ["SERVE_PUBLIC_HOST"] = "127.0.0.1",
            ["SERVE_PUBLIC_PORT"] = Text(hydraPublic),
            ["SERVE_ADMIN_HOST"] = "127.0.0.1",
            ["SERVE_ADMIN_PORT"] = Text(hydraAdmin),
            ["DEV"] = "true",
        });

        await (await hydra).WaitUntilReadyAsync(_http, $"http://127.0.0.1:{hydraAdmin}/health/ready");
        var clients = await CreateClientsAsync(configuration, $"http://127.0.0.1:{hydraAdmin}/admin/clients");
        Operator = clients["novaid-operator"];
        // Hydra makes its signing keys when they are first asked for, which takes longer than a test should.
        (await _http.GetAsync($"http://127.0.0.1:{hydraPublic}/.well-known/jwks.json")).EnsureSuccessStatusCode();

        await (await keto).WaitUntilReadyAsync(_http, $"http://127.0.0.1:{ketoWrite}/health/ready");
        await CreateTuplesAsync(configuration, $"http://127.0.0.1:{ketoWrite}/admin/relation-tuples");
        await (await kratos).WaitUntilReadyAsync(_http, $"http://127.0.0.1:{kratosAdmin}/admin/health/ready");
        await oathkeeper.WaitUntilReadyAsync(_http, $"http://127.0.0.1:{gatewayApi}/health/ready");

        if (_faults is null)
        {
            _recorder.Api = Keep(await ApiUnderTest.StartAsync(Gateway, clients["novaid-api"])).Address;
        }
        else
        {
            var gatewayForApi = await _faults.StandBeforeAsync(FaultyService.Gateway, Gateway);
            var api = Keep(await ApiProgram.StartAsync(_http, gatewayForApi, Gateway, clients["novaid-api"]));
            _recorder.Api = api.Address;
            _faults.MeasureApi = api.MeasureMemory;
        }

        // Where the others find a service.
        async Task<string> AddressOfAsync(FaultyService service, int port)
        {
            var address = new Uri($"http://127.0.0.1:{port}");
            return (_faults is null ? address : await _faults.StandBeforeAsync(service, address)).GetLeftPart(UriPartial.Authority);
        }

        async Task<NativeProgram> MigrateAndServeAsync(
            string service, string[] migrate, string[] serve, string[] secrets, Dictionary<string, string> environment)
        {
            var file = $"{service}/{service}.yml";
            environment["DSN"] = _postgres.DsnOf(service);
            foreach (var secret in secrets)
            {
                environment[secret] = RandomNumberGenerator.GetHexString(32, lowercase: true);
            }

            string[] hidden = [.. secrets.Select(secret => environment[secret]), _postgres.PasswordOf(service)];
            string[] arguments = [.. migrate, "-c", configuration.PathOf(file)];
            await NativeProgram.RunAsync(Path.Combine(_programs!, service), arguments, environment, hidden);
            return Serve(service, file, serve, hidden, environment);
        }

        NativeProgram Serve(string service, string file, string[] what, string[] hidden, Dictionary<string, string> environment)
        {
            environment["SQA_OPT_OUT"] = "true";
            string[] arguments = ["serve", .. what, "-c", configuration.PathOf(file)];
            return Keep(NativeProgram.Serve(Path.Combine(_programs!, service), arguments, environment, hidden));
        }
    }

    private async Task<Dictionary<string, ServiceClient>> CreateClientsAsync(NativeConfiguration configuration, string address)
    {
        var created = new Dictionary<string, ServiceClient>();
        foreach (var client in JsonNode.Parse(await File.ReadAllTextAsync(configuration.PathOf("hydra/clients.json")))!.AsArray())
        {
            var secret = RandomNumberGenerator.GetHexString(40, lowercase: true);
            var service = new ServiceClient(client!["client_id"]!.GetValue<string>(), secret);
            client["client_secret"] = service.Secret;
            (await _http.PostAsJsonAsync(address, client)).EnsureSuccessStatusCode();
            created[service.Id] = service;
        }

        return created;
    }

    private async Task CreateTuplesAsync(NativeConfiguration configuration, string address)
    {
        var inserts = JsonNode.Parse(await File.ReadAllTextAsync(configuration.PathOf("keto/relation-tuples.json")))!.AsArray()
            .Select(tuple => new JsonObject { ["action"] = "insert", ["relation_tuple"] = tuple!.DeepClone() });
        (await _http.PatchAsJsonAsync(address, new JsonArray([.. inserts]))).EnsureSuccessStatusCode();
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        lock (_parts)
        {
            _parts.Add(part);
        }

        return part;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Removes what a test process left that was killed: the name of its folder says which.</summary>
    private static void DeleteForsakenFolders()
    {
        foreach (var folder in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories($"{FolderPrefix}*"))
        {
            if (int.TryParse(folder.Name[FolderPrefix.Length..].Split('-')[0], out var owner) && !IsRunning(owner))
            {
                Delete(folder);
            }
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Delete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that is still held stays behind in the temporary folder; the next run removes it.
        }
    }
}
