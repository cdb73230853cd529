using System.Security.Cryptography;

namespace NovaId.Native;

/// <summary>A PostgreSQL of the zone's own: a new cluster on a free loopback port, with a database and a role for each service.</summary>
internal sealed class NativePostgres : IAsyncDisposable
{
    private const string Owner = "owner";

    private readonly NativeProgram _server;
    private readonly string _psql;
    private readonly int _port;
    private readonly string _password;
    private readonly Dictionary<string, string> _passwords;

    private NativePostgres(NativeProgram server, string psql, int port, string password, Dictionary<string, string> passwords)
    {
        _server = server;
        _psql = psql;
        _port = port;
        _password = password;
        _passwords = passwords;
    }

    /// <summary>Whether the programs of PostgreSQL are on this machine.</summary>
    public static bool IsInstalled => Locate("initdb") is not null && Locate("psql") is not null
        && (!Environment.IsPrivilegedProcess || Locate("setpriv") is not null);

    /// <summary>Starts a server.</summary>
    /// <param name="folder">Where its cluster lies.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="databases">The script that makes databases and roles; null makes none.</param>
    /// <param name="services">The services whose passwords the script takes.</param>
    public static async Task<NativePostgres> StartAsync(DirectoryInfo folder, int port, string? databases, params string[] services)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder.FullName, "postgres")).FullName;
        var password = NewPassword();
        var passwordFile = Path.Combine(folder.FullName, "postgres.password");
        await File.WriteAllTextAsync(passwordFile, password);

        // PostgreSQL refuses to run as root, so root hands its folder to somebody without rights.
        string[] unprivileged = [];
        if (Environment.IsPrivilegedProcess)
        {
            unprivileged = [Find("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
            await NativeProgram.RunAsync(Find("chown"), ["65534:65534", data, passwordFile]);
        }

        string[] initdb = [.. unprivileged, Find("initdb"), "--pgdata", data, "--username", Owner, "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions"];
        await NativeProgram.RunAsync(initdb[0], initdb[1..]);
        File.Delete(passwordFile);

        // Whatever is in it ends with the zone, so nothing need reach the disk.
        string[] postgres = [.. unprivileged, Find("postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
            "-c", "autovacuum=off", "-c", "max_connections=120"];
        var server = NativeProgram.Serve(postgres[0], postgres[1..], stopSignal: "QUIT");
        var passwords = services.ToDictionary(service => service, _ => NewPassword());
        var cluster = new NativePostgres(server, Find("psql"), port, password, passwords);
        try
        {
            await cluster.CreateDatabasesAsync(databases);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process below which the server is.</summary>
    public int ProcessId => _server.ProcessId;

    /// <summary>How the owner of everything reaches a database, for Npgsql.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username={Owner};Password={_password};Database={database};SSL Mode=Disable";

    /// <summary>A secret of the service's own; whoever shows output must leave it out.</summary>
    public string PasswordOf(string service) => _passwords[service];

    public string DsnOf(string service) =>
        $"postgres://{service}:{_passwords[service]}@127.0.0.1:{_port}/{service}?sslmode=disable&max_conns=20&max_idle_conns=20&max_conn_idle_time=5m";

    /// <summary>Runs SQL in a service's database.</summary>
    public Task ExecuteAsync(string database, string sql) =>
        NativeProgram.RunAsync(
            _psql,
            ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
                "--host=127.0.0.1", $"--port={_port}", $"--username={Owner}", $"--dbname={database}"],
            [
                new("PGPASSWORD", _password),
                // The names under which the script takes them.
                .. _passwords.Select(pair => KeyValuePair.Create($"{pair.Key.ToUpperInvariant()}_DATABASE_PASSWORD", pair.Value)),
            ],
            [_password, .. _passwords.Values],
            sql);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task CreateDatabasesAsync(string? databases)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1;");
                break;
            }
            catch (InvalidOperationException) when (attempt < 100 && !_server.HasExited)
            {
                await Task.Delay(100);
            }
        }

        if (databases is not null)
        {
            await ExecuteAsync("postgres", await File.ReadAllTextAsync(databases));
        }
    }

    private static string NewPassword() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    /// <summary>A program on the PATH, or where Debian keeps those of PostgreSQL; the newest version first.</summary>
    private static string Find(string program) => Locate(program)
        ?? throw new InvalidOperationException(
            $"A zone on the real programs needs {program}, which is not on the PATH. "
            + "It comes with PostgreSQL (setpriv: with util-linux).");

    private static string? Locate(string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).ToList();
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            folders.AddRange(Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin")));
        }

        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }
}
