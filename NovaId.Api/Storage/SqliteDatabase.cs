using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NovaId.Api.Storage;

/// <summary>
/// A SQLite file. SQLite has one writer at a time, so writes wait for each other here, without holding a thread, instead of in the file;
/// reads do not wait for them (write-ahead log).
/// </summary>
internal sealed class SqliteDatabase : Database
{
    public const string InMemory = ":memory:";

    // SQLITE_READONLY, https://sqlite.org/rescode.html#readonly
    private const int ReadOnly = 8;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _readerConnectionString;
    private readonly bool _isInMemory;
    private SqliteConnection? _writer;

    private SqliteDatabase(string path, SqliteOpenMode readers)
    {
        Path = path;
        _isInMemory = path == InMemory;
        _readerConnectionString = ConnectionString(path, readers);
    }

    public string Path { get; }

    public override string ForUpdate => "";

    /// <summary>Opens a database for reading and writing, and makes it where there is none.</summary>
    /// <exception cref="SqliteException">The file cannot be used.</exception>
    public static SqliteDatabase Open(string path, string schema)
    {
        var database = new SqliteDatabase(path, SqliteOpenMode.ReadWrite) { _writer = new(ConnectionString(path, SqliteOpenMode.ReadWriteCreate)) };
        try
        {
            database._writer.Open();
            // What was committed is on the disk: a record that was acknowledged survives a power cut.
            Execute(database._writer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            Execute(database._writer, $"BEGIN IMMEDIATE; {schema} COMMIT");
            return database;
        }
        catch (SqliteException)
        {
            database._writer.Dispose();
            throw;
        }
    }

    /// <summary>A database that is only read; nothing is opened yet.</summary>
    public static SqliteDatabase OpenForReading(string path) => new(path, SqliteOpenMode.ReadOnly);

    public override async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        if (_isInMemory)
        {
            // A database in memory is its connection.
            return await WriteAsync(read, cancellationToken);
        }

        try
        {
            return await ReadFileAsync(read, cancellationToken);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == ReadOnly)
        {
            await UndoWhatWasLeftAsync(cancellationToken);
            return await ReadFileAsync(read, cancellationToken);
        }
    }

    public override async Task<T> WriteAsync<T>(Func<DbConnection, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await write(_writer ?? throw new InvalidOperationException("The database is only read."), cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    /// <summary>Writes no more; a file that nobody reads is then complete in itself.</summary>
    public async Task StopWritingAsync()
    {
        if (_isInMemory)
        {
            return;
        }

        await _writing.WaitAsync();
        try
        {
            if (_writer is not null)
            {
                MakeOneFile(_writer);
                _writer.Dispose();
                ClearPool(SqliteOpenMode.ReadWriteCreate);
                _writer = null;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        _writer?.Dispose();
        if (!_isInMemory)
        {
            using var reader = new SqliteConnection(_readerConnectionString);
            SqliteConnection.ClearPool(reader);
            ClearPool(SqliteOpenMode.ReadWriteCreate);
        }

        _writing.Dispose();
    }

    private async Task<T> ReadFileAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_readerConnectionString);
        await connection.OpenAsync(cancellationToken);
        return await read(connection, cancellationToken);
    }

    /// <summary>
    /// A process that is killed in a transaction leaves its journal behind. SQLite undoes such a transaction before the first read, which is writing,
    /// so a connection that may only read is refused, before it has read anything.
    /// </summary>
    private async Task UndoWhatWasLeftAsync(CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(ConnectionString(Path, SqliteOpenMode.ReadWrite) + ";Pooling=False");
        await connection.OpenAsync(cancellationToken);
        Execute(connection, "PRAGMA schema_version");
    }

    private static string ConnectionString(string path, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        DefaultTimeout = 5,
        Mode = mode,
    }.ConnectionString;

    /// <summary>Takes the write-ahead log into the file. Where somebody reads just now it stays beside it, which is as good.</summary>
    private void MakeOneFile(SqliteConnection connection)
    {
        ClearPool(SqliteOpenMode.ReadWrite);
        try
        {
            Execute(connection, "PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException)
        {
        }
    }

    private void ClearPool(SqliteOpenMode mode)
    {
        using var connection = new SqliteConnection(ConnectionString(Path, mode));
        SqliteConnection.ClearPool(connection);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
