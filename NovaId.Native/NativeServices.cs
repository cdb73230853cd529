using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aspire.Hosting.Ory;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Mail;
using NovaId.Emulator.Network;

namespace NovaId.Native;

/// <summary>
/// The real Ory programs on the configuration of this repository, with a PostgreSQL of their own, all on the loopback interface. The API
/// is not among them: the gateway is told where it is, and whoever starts it needs its client's key.
/// </summary>
internal sealed class NativeServices : IAsyncDisposable
{
    /// <summary>The environment variable that names the folder with the programs.</summary>
    public const string Variable = "NOVAID_ORY_BIN";

    private const string FolderPrefix = "novaid-zone-";

    private readonly string _programs;
    private readonly DirectoryInfo _folder;
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly Dictionary<string, string> _keys = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private NativePostgres? _postgres;

    private NativeServices(string programs, DirectoryInfo folder) => (_programs, _folder) = (programs, folder);

    /// <summary>The gateway's address.</summary>
    public Uri Gateway { get; private set; } = null!;

    /// <summary>Starts everything; it answers when the task completes.</summary>
    /// <param name="programs">The folder with kratos, keto, hydra and oathkeeper.</param>
    /// <param name="api">Where the gateway finds the API.</param>
    /// <param name="configurationFolder">The <c>ory-config</c> folder; null takes the copy beside the program.</param>
    /// <param name="between">Where the others find a service, if something stands before it; told its name and its own address.</param>
    /// <param name="accounts">Where the gateway finds the pages of people's own accounts; null if there are none.</param>
    /// <param name="admin">Where the gateway finds the officers' pages; null if there are none.</param>
    public static async Task<NativeServices> StartAsync(
        string programs,
        Uri api,
        string? configurationFolder = null,
        Func<string, Uri, Task<Uri>>? between = null,
        Uri? accounts = null,
        Uri? admin = null)
    {
        string[] needed = ["kratos", "keto", "hydra", "oathkeeper"];
        string[] missing = [.. needed.Where(program => !File.Exists(Path.Combine(programs, program)))];
        if (missing.Length > 0)
        {
            throw new InvalidOperationException($"{Variable} names {programs}, in which {string.Join(", ", missing)} is missing.");
        }

        DeleteForsakenFolders();
        var services = new NativeServices(programs, CreateFolder());
        try
        {
            await services.StartAsync(
                new() { ["http://api:8080"] = api, ["http://accounts:8081"] = accounts, ["http://admin:8082"] = admin },
                configurationFolder ?? Path.Combine(AppContext.BaseDirectory, "ory-config"),
                between ?? ((_, address) => Task.FromResult(address)));
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>The private key of a service client of <c>hydra/clients.json</c>: PKCS#8 in PEM.</summary>
    public string KeyOf(string clientId) => _keys[clientId];

    /// <summary>The process of each program, by its name; the program itself is below it.</summary>
    public IReadOnlyDictionary<string, int> ProcessIds =>
        _parts.OfType<NativeProgram>().ToDictionary(program => program.Name, program => program.ProcessId)
            .Append(KeyValuePair.Create("postgres", _postgres!.ProcessId)).ToDictionary();

    /// <summary>Runs SQL in a service's database.</summary>
    public Task ExecuteAsync(string database, string sql) => _postgres!.ExecuteAsync(database, sql);

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        _http.Dispose();
        Delete(_folder);
    }

    private static DirectoryInfo CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory($"{FolderPrefix}{Environment.ProcessId}-");
        if (!OperatingSystem.IsWindows())
        {
            // The database may run as somebody else and must reach its own folder inside.
            const UnixFileMode Passable = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | Passable);
        }

        return folder;
    }

    private async Task StartAsync(Dictionary<string, Uri?> edge, string configurationFolder, Func<string, Uri, Task<Uri>> between)
    {
        var ports = new Queue<int>(LoopbackPorts.Take(15));
        var postgresPort = ports.Dequeue();
        var (gateway, gatewayApi, gatewayMetrics) = (ports.Dequeue(), ports.Dequeue(), ports.Dequeue());
        var (kratosPublic, kratosAdmin) = (ports.Dequeue(), ports.Dequeue());
        var (hydraPublic, hydraAdmin) = (ports.Dequeue(), ports.Dequeue());
        var (ketoRead, ketoWrite, ketoMetrics, ketoSyntax) = (ports.Dequeue(), ports.Dequeue(), ports.Dequeue(), ports.Dequeue());
        var (smtp, mailbox) = (ports.Dequeue(), ports.Dequeue());
        Gateway = new($"http://localhost:{gateway}");
        var gatewayAddress = Gateway.GetLeftPart(UriPartial.Authority);

        var addresses = new Dictionary<string, string>
        {
            [ZoneAddress.Declared] = gatewayAddress,
            ["http://127.0.0.1:4456"] = $"http://127.0.0.1:{gatewayApi}",
            ["http://kratos:4433"] = await AddressOfAsync("kratos", kratosPublic),
            ["http://kratos:4434"] = await AddressOfAsync("kratos", kratosAdmin),
            ["http://keto:4466"] = await AddressOfAsync("keto", ketoRead),
            ["http://keto:4467"] = await AddressOfAsync("keto", ketoWrite),
            ["http://hydra:4444"] = await AddressOfAsync("hydra", hydraPublic),
            ["http://hydra:4445"] = await AddressOfAsync("hydra", hydraAdmin),
            ["smtp://mail:1025"] = $"smtp://127.0.0.1:{smtp}",
            ["http://mail:8025"] = $"http://127.0.0.1:{mailbox}",
        };
        foreach (var (name, address) in edge.Where(part => part.Value is not null))
        {
            addresses[name] = address!.GetLeftPart(UriPartial.Authority);
        }

        var configuration = new NativeConfiguration(configurationFolder, _folder, addresses);
        configuration.Append("oathkeeper/access-rules.yml", "oathkeeper/" + MailService.RuleFile);
        Keep(await NativeMailCatcher.StartAsync(smtp, mailbox));
        _postgres = Keep(await NativePostgres.StartAsync(_folder, postgresPort, configuration.PathOf("postgres/databases.sql"), "kratos", "keto", "hydra"));

        var oathkeeper = Serve("oathkeeper", "oathkeeper/oathkeeper.yml", [], [], new()
        {
            ["SERVE_PROXY_HOST"] = "127.0.0.1",
            ["SERVE_PROXY_PORT"] = Text(gateway),
            ["SERVE_API_PORT"] = Text(gatewayApi),
            ["SERVE_PROMETHEUS_PORT"] = Text(gatewayMetrics),
            ["MUTATORS_ID_TOKEN_CONFIG_JWKS_URL"] = configuration.WriteSigningKey(),
        });
        string[] migrateSql = ["migrate", "sql", "up", "-e", "--yes"];
        string[] kratosSecrets = ["SECRETS_DEFAULT", "SECRETS_COOKIE", "SECRETS_CIPHER", "SECRETS_PAGINATION"];
        var kratos = MigrateAndServeAsync("kratos", migrateSql, ["--watch-courier"], kratosSecrets, new()
        {
            ["CIPHERS_ALGORITHM"] = "xchacha20-poly1305",
            ["SERVE_PUBLIC_HOST"] = "127.0.0.1",
            ["SERVE_PUBLIC_PORT"] = Text(kratosPublic),
            ["SERVE_ADMIN_HOST"] = "127.0.0.1",
            ["SERVE_ADMIN_PORT"] = Text(kratosAdmin),
            ["COOKIES_SECURE"] = "false",
            // As many people register in a test as in a day: no mail is to wait for the others.
            ["COURIER_WORKER_PULL_COUNT"] = "100",
            ["COURIER_WORKER_PULL_WAIT"] = "100ms",
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
            ["SERVE_PUBLIC_HOST"] = "127.0.0.1",
            ["SERVE_PUBLIC_PORT"] = Text(hydraPublic),
            ["SERVE_ADMIN_HOST"] = "127.0.0.1",
            ["SERVE_ADMIN_PORT"] = Text(hydraAdmin),
            ["DEV"] = "true",
        });

        await (await hydra).WaitUntilReadyAsync(_http, $"http://127.0.0.1:{hydraAdmin}/health/ready");
        await CreateClientsAsync(configuration, $"http://127.0.0.1:{hydraAdmin}/admin/clients");
        // Hydra makes its signing keys when they are first asked for, which takes longer than a test should.
        (await _http.GetAsync($"http://127.0.0.1:{hydraPublic}/.well-known/jwks.json")).EnsureSuccessStatusCode();

        await (await keto).WaitUntilReadyAsync(_http, $"http://127.0.0.1:{ketoWrite}/health/ready");
        await CreateTuplesAsync(configuration, $"http://127.0.0.1:{ketoWrite}/admin/relation-tuples");
        await (await kratos).WaitUntilReadyAsync(_http, $"http://127.0.0.1:{kratosAdmin}/admin/health/ready");
        await oathkeeper.WaitUntilReadyAsync(_http, $"http://127.0.0.1:{gatewayApi}/health/ready");

        async Task<string> AddressOfAsync(string service, int port) =>
            (await between(service, new Uri($"http://127.0.0.1:{port}"))).GetLeftPart(UriPartial.Authority);

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
            await NativeProgram.RunAsync(Path.Combine(_programs, service), arguments, environment, hidden);
            return Serve(service, file, serve, hidden, environment);
        }

        NativeProgram Serve(string service, string file, string[] what, string[] hidden, Dictionary<string, string> environment)
        {
            environment["SQA_OPT_OUT"] = "true";
            string[] arguments = ["serve", .. what, "-c", configuration.PathOf(file)];
            return Keep(NativeProgram.Serve(Path.Combine(_programs, service), arguments, environment, hidden));
        }
    }

    private async Task CreateClientsAsync(NativeConfiguration configuration, string address)
    {
        foreach (var client in JsonNode.Parse(await File.ReadAllTextAsync(configuration.PathOf("hydra/clients.json")))!.AsArray())
        {
            if (client!["token_endpoint_auth_method"]!.GetValue<string>() == "private_key_jwt")
            {
                var key = _keys[client["client_id"]!.GetValue<string>()] = GeneratedClientKey.New();
                client["jwks"] = GeneratedClientKey.PublicSetOf(key);
            }
            else
            {
                // The demo's, which no zone of these programs has.
                client["client_secret"] = RandomNumberGenerator.GetHexString(40, lowercase: true);
            }

            (await _http.PostAsJsonAsync(address, client)).EnsureSuccessStatusCode();
        }
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
