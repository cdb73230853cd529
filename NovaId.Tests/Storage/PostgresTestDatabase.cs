using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using NovaId.Api.AccessLog;
using NovaId.Tests.Api;
using Npgsql;

namespace NovaId.Tests.Storage;

/// <summary>A database of the API, and what somebody can do to it who owns the server.</summary>
/// <param name="name">Its name.</param>
/// <param name="connectionString">How the API reaches it.</param>
/// <param name="owner">How the server's owner does.</param>
internal sealed class PostgresTestDatabase(string name, string connectionString, string owner)
{
    public const string Key = "c29tZSBrZXkgb2YgdGhlIGFjY2VzcyBsb2csIGZvciB0ZXN0cw==";

    public string Name => name;

    public string ConnectionString => connectionString;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The settings of an API on it, as variables of the environment.</summary>
    public (string Name, string Value)[] Environment => [("Storage__ConnectionString", connectionString), ("AccessLog__Key", Key)];

    /// <summary>Starts an API on it.</summary>
    /// <param name="shared">The gateway that others have too.</param>
    /// <param name="configure">Changes it.</param>
    /// <param name="settings">More of its settings.</param>
    public async Task<ApiZone> StartAsync(
        TestGateway? shared = null,
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings)
    {
        var zone = await StartUnreadyAsync(shared, configure, settings);
        await zone.WaitUntilReadyAsync();
        return zone;
    }

    /// <summary>Starts an API on it, whether or not it becomes ready.</summary>
    public Task<ApiZone> StartUnreadyAsync(
        TestGateway? shared = null,
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings) =>
        ApiZone.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("Storage:ConnectionString", connectionString),
                    new("AccessLog:Key", Key),
                ]);
                builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
                configure?.Invoke(builder);
            },
            storage: "",
            shared);

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(Cancelled);
    }

    /// <summary>Takes it away from everybody who has it open, and from who comes.</summary>
    public async Task CloseAsync()
    {
        await ExecuteOutsideAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await EndSessionsAsync();
    }

    /// <summary>Gives it back.</summary>
    public Task OpenAsync() => ExecuteOutsideAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS true");

    /// <summary>Ends every session in it.</summary>
    public Task EndSessionsAsync() => ExecuteOutsideAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task ExecuteOutsideAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(owner) { Database = "postgres" }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    /// <summary>Changes a segment as somebody does who owns the tables: without the triggers.</summary>
    public Task TamperAsync(int segment, string sql) => ExecuteAsync(
        $"""
        SET search_path = novaid_log_{segment:D6};
        ALTER TABLE access_log DISABLE TRIGGER USER;
        {sql};
        ALTER TABLE IF EXISTS access_log ENABLE TRIGGER USER
        """);

    /// <summary>Runs the command line's verify-log on it.</summary>
    public Task<(int Code, string Output, string Errors)> VerifyAsync(params string[] more) =>
        Audit.ApiProcess.RunAsync([VerifyLogCommand.Name, .. more], Cancelled, Environment);

    public async Task ExpectWholeAsync(long? records = null)
    {
        var (code, output, errors) = await VerifyAsync();
        Assert.True(code == 0, $"Exit code {code}: {output}{errors}");
        if (records is not null)
        {
            Assert.Contains($"is whole: {records} records from 1 on", output, StringComparison.Ordinal);
        }
    }

    /// <summary>Fails unless verify-log names this record, and says this of it.</summary>
    public async Task ExpectBrokenAsync(long record, string problem)
    {
        var (code, output, errors) = await VerifyAsync();
        Assert.True(code == 1, $"Exit code {code}: {output}{errors}");
        Assert.Contains($"is broken at record {record}: ", output, StringComparison.Ordinal);
        Assert.Contains(problem, output, StringComparison.Ordinal);
    }
}
