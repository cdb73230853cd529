using System.Data.Common;
using NovaId.Api.Configuration;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>Files beside the storage, of which this process is the only writer; or memory, where the storage is in memory.</summary>
internal sealed class FileLogPlace(AccessLogOptions options, SqliteDatabase documents) : LogPlace
{
    private readonly AccessLogFiles? _files = documents.Path == SqliteDatabase.InMemory ? null : new AccessLogFiles(documents.Path);

    public override bool IsShared => false;

    public override bool IsForgotten => _files is null;

    public override string FirstSegment => $"'{_files!.Segment(1)}'";

    public override string NoLog => $"There is no access log beside '{documents.Path}'. Name the SQLite file of the API with --storage.";

    public override string Explain(Exception failure) =>
        $"The access log beside Storage:Path '{documents.Path}' cannot be used: {failure.Message} Make its files readable and writable for this "
            + "user, or put them back from a backup; verify-log says more.";

    public override string MissingKey => $"'{_files!.Key}' is not there, and AccessLog:Key says nothing. Put it back.";

    public override string? HeadFile => _files?.Head;

    public override Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task<IReadOnlyList<int>> SegmentsAsync(CancellationToken cancellationToken) => Task.FromResult(_files?.Segments() ?? []);

    public override Task<SegmentDatabase> OpenAsync(int number, CancellationToken cancellationToken) => Task.FromResult<SegmentDatabase>(
        new SqliteSegment(SqliteDatabase.Open(_files?.Segment(number) ?? SqliteDatabase.InMemory, SqliteSegment.Schema)));

    public override SegmentDatabase OpenForReading(int number) => new SqliteSegment(SqliteDatabase.OpenForReading(_files!.Segment(number)));

    public override Task DeleteAsync(int number, CancellationToken cancellationToken)
    {
        _files?.Delete(number);
        return Task.CompletedTask;
    }

    public override byte[]? FindKey() => _files is null ? options.DecodedKey : AccessLogKey.Find(options, _files);

    public override byte[] CreateKey() => _files is null ? AccessLogKey.Generate() : AccessLogKey.Create(_files);

    public override Task MigrateAsync(AccessLogStore store, TimeProvider time) => AccessLogMigration.RunAsync(documents, store, time);

    public override Task<bool> HasBegunAsync(CancellationToken cancellationToken) => documents.ReadAsync(
        async (connection, cancelled) =>
            await connection.ReadNumberAsync("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'access_log_began'", cancelled) is 1,
        cancellationToken);

    public override Task RememberAsync(DateTimeOffset now, CancellationToken cancellationToken) => documents.WriteAsync(
        async (connection, cancelled) =>
        {
            await connection.ExecuteAsync(
                "CREATE TABLE IF NOT EXISTS access_log_began (row INTEGER PRIMARY KEY CHECK (row = 1), time INTEGER NOT NULL) STRICT",
                cancelled);
            await using var row = connection.Command(
                "INSERT OR IGNORE INTO access_log_began (row, time) VALUES (1, @time)",
                ("@time", now.ToUnixTimeMilliseconds()));
            return await row.ExecuteNonQueryAsync(cancelled);
        },
        cancellationToken);

    public override Task<IAsyncDisposable?> EnterAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);

    private sealed class SqliteSegment(SqliteDatabase database) : SegmentDatabase(database, "access_log", "head")
    {
        /// <summary>
        /// The triggers keep the program and its mistakes from changing what is written. Whoever may write to the file can drop them; that
        /// is what the chain is for.
        /// </summary>
        public const string Schema = """
            CREATE TABLE IF NOT EXISTS access_log (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                time INTEGER NOT NULL,
                method TEXT,
                path TEXT,
                route TEXT,
                status INTEGER,
                milliseconds REAL,
                authentication TEXT,
                subject TEXT,
                client_id TEXT,
                rank TEXT,
                required TEXT,
                allowed INTEGER,
                reason TEXT,
                trace_id TEXT,
                detail TEXT,
                previous BLOB NOT NULL,
                hash BLOB NOT NULL
            ) STRICT;
            CREATE INDEX IF NOT EXISTS access_log_subject ON access_log (subject, id);
            CREATE INDEX IF NOT EXISTS access_log_allowed ON access_log (allowed, id);
            CREATE TABLE IF NOT EXISTS head (
                row INTEGER PRIMARY KEY CHECK (row = 1),
                segment INTEGER NOT NULL,
                first INTEGER NOT NULL,
                last INTEGER NOT NULL,
                hash BLOB NOT NULL,
                seal BLOB NOT NULL
            ) STRICT;
            CREATE TRIGGER IF NOT EXISTS access_log_update BEFORE UPDATE ON access_log
                BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
            CREATE TRIGGER IF NOT EXISTS access_log_delete BEFORE DELETE ON access_log
                BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
            CREATE TRIGGER IF NOT EXISTS access_log_insert BEFORE INSERT ON access_log
                WHEN NEW.id <= (SELECT max(id) FROM access_log)
                BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
            """;

        public override async Task<long> CountTablesAsync(DbConnection connection, CancellationToken cancellationToken) =>
            await connection.ReadNumberAsync(
                "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('access_log', 'head')",
                cancellationToken) ?? 0;

        public override async Task<long> ReadSizeAsync(DbConnection connection, CancellationToken cancellationToken) =>
            (await connection.ReadNumberAsync("PRAGMA page_count", cancellationToken) ?? 0)
                * (await connection.ReadNumberAsync("PRAGMA page_size", cancellationToken) ?? 0);

        public override RecordInserter CreateInserter(DbConnection connection) => new SqliteRecordInserter(connection, Records);

        public override Task CloseAsync() => database.StopWritingAsync();

        public override ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
