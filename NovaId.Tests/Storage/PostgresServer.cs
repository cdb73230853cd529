using System.Globalization;
using NovaId.Emulator.Network;
using NovaId.Native;
using NovaId.Tests.Storage;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace NovaId.Tests.Storage;

/// <summary>A PostgreSQL server for all tests that need one. It is started by the first; where it is not installed they are skipped.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Role = "novaid_api";
    private const string Password = "the password of the role";

    private readonly Lazy<Task<NativePostgres>> _server;
    private DirectoryInfo? _folder;
    private int _databases;

    public PostgresServer() => _server = new(StartAsync);

    /// <summary>Makes a database that the API's role owns.</summary>
    /// <param name="template">The database that it is a copy of, which nobody may have open; null for an empty one.</param>
    internal async Task<PostgresTestDatabase> CreateDatabaseAsync(PostgresTestDatabase? template = null)
    {
        Assert.SkipUnless(NativePostgres.IsInstalled, "PostgreSQL (initdb, postgres, psql) is not installed here.");
        var server = await _server.Value;
        var name = string.Create(CultureInfo.InvariantCulture, $"novaid_api_{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} OWNER {Role}{(template is null ? "" : $" TEMPLATE {template.Name}")}", connection);
        await command.ExecuteNonQueryAsync();
        var owner = new NpgsqlConnectionStringBuilder(server.ConnectionString(name)) { Pooling = false };
        var role = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = Role, Password = Password, Pooling = true, MaxPoolSize = 8 };
        return new PostgresTestDatabase(name, role.ConnectionString, owner.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            NpgsqlConnection.ClearAllPools();
            await (await _server.Value).DisposeAsync();
            _folder?.Delete(recursive: true);
        }
    }

    private async Task<NativePostgres> StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("novaid-postgres-");
        if (!OperatingSystem.IsWindows())
        {
            // The server may run as somebody else and must reach its own folder inside.
            File.SetUnixFileMode(
                _folder.FullName,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var server = await NativePostgres.StartAsync(_folder, LoopbackPorts.Take(1)[0], databases: null);
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE ROLE {Role} LOGIN PASSWORD '{Password}'", connection);
        await command.ExecuteNonQueryAsync();
        return server;
    }
}
