using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;

namespace NovaId.Api.Storage;

/// <summary>
/// The SQLite file of documents and access log. SQLite has one writer at a time, so writes wait for each other here, without holding a
/// thread, instead of in the file; reads do not wait for them (write-ahead log).
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS documents (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            content TEXT NOT NULL,
            owner_id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE IF NOT EXISTS access_log (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            route TEXT NOT NULL,
            status INTEGER NOT NULL,
            milliseconds REAL NOT NULL,
            authentication TEXT,
            subject TEXT,
            client_id TEXT,
            rank TEXT,
            required TEXT NOT NULL,
            allowed INTEGER NOT NULL,
            reason TEXT NOT NULL,
            trace_id TEXT NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS access_log_subject ON access_log (subject, row);
        CREATE INDEX IF NOT EXISTS access_log_allowed ON access_log (allowed, row);
        """;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _readerConnectionString;
    private readonly bool _isInMemory;
    private readonly SqliteConnection _writer;

    public SqliteDatabase(IOptions<StorageOptions> options)
    {
        var path = options.Value.Path!;
        _isInMemory = path == StorageOptions.InMemory;
        var connection = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 5 };
        _writer = new SqliteConnection(connection.ConnectionString);
        connection.Mode = SqliteOpenMode.ReadWrite;
        _readerConnectionString = connection.ConnectionString;
        try
        {
            _writer.Open();
            Execute(_writer, "PRAGMA journal_mode = WAL");
            Execute(_writer, Schema);
        }
        catch (SqliteException e)
        {
            _writer.Dispose();
            throw new InvalidOperationException(
                $"Storage:Path is '{path}', which cannot be used: {e.Message} Name a SQLite file that can be written, or a new one.",
                e);
        }
    }

    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        if (_isInMemory)
        {
            // A database in memory is its connection.
            return await WriteAsync(read, cancellationToken);
        }

        await using var connection = new SqliteConnection(_readerConnectionString);
        await connection.OpenAsync(cancellationToken);
        return read(connection);
    }

    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return write(_writer);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        await _writer.DisposeAsync();
        if (!_isInMemory)
        {
            using var reader = new SqliteConnection(_readerConnectionString);
            SqliteConnection.ClearPool(reader);
            SqliteConnection.ClearPool(_writer);
        }

        _writing.Dispose();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
