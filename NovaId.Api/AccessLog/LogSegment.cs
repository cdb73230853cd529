using Microsoft.Data.Sqlite;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>
/// A part of the access log: a database of its own, in a file of its own. The last one is written to; the others are closed and change no
/// more.
/// </summary>
internal sealed class LogSegment(int number, SqliteDatabase database) : IAsyncDisposable
{
    /// <summary>
    /// The triggers keep the program and its mistakes from changing what is written. Whoever may write to the file can drop them; that is
    /// what the chain is for.
    /// </summary>
    private const string Schema = """
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

    private const int RecordsBetweenMeasurements = 32;

    private const string SelectColumns = "id, time, method, path, status, milliseconds, authentication, subject, client_id, rank, required, "
        + "allowed, reason, trace_id";

    private readonly Lock _lock = new();
    private int _readers;
    private bool _isCondemned;
    private AccessLogStatistics? _statistics;
    private AppendCommands? _commands;
    private int _unmeasured;

    public int Number => number;

    /// <summary>The first record; 0 while there is none.</summary>
    public long First { get; private set; }

    /// <summary>When the first record was written; null while there is none.</summary>
    public DateTimeOffset? FirstTime { get; private set; }

    /// <summary>When the last record was written; null while there is none.</summary>
    public DateTimeOffset? LastTime { get; private set; }

    /// <summary>How many bytes the database takes.</summary>
    public long Size { get; private set; }

    public bool IsClosed { get; private set; }

    public static LogSegment Open(int number, string path) => new(number, SqliteDatabase.Open(path, Schema));

    public static LogSegment OpenForReading(int number, string path) => new(number, SqliteDatabase.OpenForReading(path)) { IsClosed = true };

    /// <summary>Reads what the segment holds from, and until when.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        connection =>
        {
            First = ReadScalar(connection, "SELECT min(id) FROM access_log") ?? 0;
            FirstTime = Time(ReadScalar(connection, "SELECT time FROM access_log ORDER BY id LIMIT 1"));
            LastTime = Time(ReadScalar(connection, "SELECT time FROM access_log ORDER BY id DESC LIMIT 1"));
            using var commands = new AppendCommands(connection);
            Size = commands.ReadSize();
            return 0;
        },
        cancellationToken);

    /// <summary>
    /// Whether the segment holds anything: a process that ends while it makes the file leaves one without tables, or with empty ones.
    /// </summary>
    public Task<bool> HasBegunAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => ReadScalar(connection, "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('access_log', 'head')") switch
        {
            0 => false,
            2 => ReadScalar(connection, "SELECT (SELECT COUNT(*) FROM head) + (SELECT COUNT(*) FROM (SELECT 1 FROM access_log LIMIT 1))") > 0,
            _ => true,
        },
        cancellationToken);

    /// <summary>The head and its seal as they are written; null where there is none.</summary>
    public Task<(SealedHead Head, byte[] Seal)?> ReadHeadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ReadHead, cancellationToken);

    /// <summary>The hash that a record carries, and the last record; null and 0 where there is none.</summary>
    public Task<(byte[]? Hash, long Last)> FindAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var command = connection.Command("SELECT hash FROM access_log WHERE id = $id", ("$id", id));
            return (command.ExecuteScalar() as byte[], ReadScalar(connection, "SELECT max(id) FROM access_log") ?? 0);
        },
        cancellationToken);

    /// <summary>Writes the head of a segment that has no record yet.</summary>
    public Task BeginAsync(SealedHead head, byte[] seal, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            using var command = connection.Command(
                "INSERT OR REPLACE INTO head (row, segment, first, last, hash, seal) VALUES (1, $segment, $first, $last, $hash, $seal)",
                ("$segment", head.Segment),
                ("$first", head.First),
                ("$last", head.Last),
                ("$hash", head.Hash),
                ("$seal", seal));
            return command.ExecuteNonQuery();
        },
        cancellationToken);

    /// <summary>Writes the records and moves the head in one transaction.</summary>
    public Task AppendAsync(
        IReadOnlyList<ChainedRecord> records,
        SealedHead before,
        SealedHead after,
        byte[] seal,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                _commands ??= new AppendCommands(connection);
                using var transaction = connection.BeginTransaction();
                if (!records.All(record => _commands.Insert(transaction, record)) || !_commands.Move(transaction, before, after, seal))
                {
                    throw new AccessLogBrokenException("Somebody else has written to the access log, or changed what it writes. Run verify-log.");
                }

                transaction.Commit();
                var last = DateTimeOffset.FromUnixTimeMilliseconds(records[^1].Record.Time);
                First = First == 0 ? records[0].Id : First;
                FirstTime ??= DateTimeOffset.FromUnixTimeMilliseconds(records[0].Record.Time);
                LastTime = LastTime > last ? LastTime : last;
                _unmeasured += records.Count;
                if (_unmeasured >= RecordsBetweenMeasurements)
                {
                    (Size, _unmeasured) = (_commands.ReadSize(), 0);
                }

                return records.Count;
            },
            cancellationToken);

    /// <summary>Ends writing to this segment.</summary>
    public async Task CloseAsync()
    {
        _commands?.Dispose();
        _commands = null;
        await database.StopWritingAsync();
        IsClosed = true;
    }

    /// <summary>The newest decisions below a record, newest first.</summary>
    public Task<IReadOnlyList<AccessLogEntry>> ListAsync(
        string? subject,
        bool? allowed,
        long? before,
        int count,
        CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                var conditions = string.Concat(
                    before is null ? "" : " AND id < $before",
                    subject is null ? "" : " AND subject = $subject",
                    allowed is null ? "" : " AND allowed = $allowed");
                using var command = connection.Command(
                    $"SELECT {SelectColumns} FROM access_log WHERE kind = $kind{conditions} ORDER BY id DESC LIMIT $count",
                    ("$kind", RecordKind.Decision),
                    ("$before", before),
                    ("$subject", subject),
                    ("$allowed", allowed),
                    ("$count", count));
                return command.ReadAll(ReadEntry);
            },
            cancellationToken);

    /// <summary>The decisions in figures. A closed segment is counted once.</summary>
    public async Task<AccessLogStatistics> CountAsync(CancellationToken cancellationToken)
    {
        if (_statistics is not null)
        {
            return _statistics;
        }

        var isClosed = IsClosed;
        var counted = await database.ReadAsync(
            connection =>
            {
                var byStatus = Count(connection, "CAST(status AS TEXT)");
                var byPath = Count(connection, "route");
                var byOutcome = Count(connection, "CAST(allowed AS TEXT)");
                var (allowed, denied) = (byOutcome.GetValueOrDefault("1"), byOutcome.GetValueOrDefault("0"));
                return new AccessLogStatistics(allowed + denied, allowed, denied, byStatus, byPath);
            },
            cancellationToken);
        _statistics = isClosed ? counted : null;
        return counted;
    }

    /// <summary>The newest record of a kind; null if the segment has none.</summary>
    public Task<LogRecord?> FindNewestAsync(string kind, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var command = connection.Command(
                $"SELECT {LogRecord.Columns} FROM access_log WHERE kind = $kind ORDER BY id DESC LIMIT 1",
                ("$kind", kind));
            return command.ReadAll(reader => LogRecord.Read(reader, 0)) is [var record] ? record : null;
        },
        cancellationToken);

    /// <summary>
    /// Hands the records behind one, in order, to <paramref name="visit"/>, and the head of the same moment. It stops where the visitor says
    /// so, or at the count: no reader stays long, so that the write-ahead log does not grow behind it.
    /// </summary>
    /// <returns>How many were handed over.</returns>
    public Task<int> VisitAsync(
        long after,
        int count,
        Action<(SealedHead Head, byte[] Seal)?> head,
        Func<SqliteDataReader, bool> visit,
        CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: true);
                head(ReadHead(connection));
                using var command = connection.Command(
                    $"SELECT id, previous, hash, {LogRecord.Columns} FROM access_log WHERE id > $after ORDER BY id LIMIT $count",
                    ("$after", after),
                    ("$count", count));
                using var reader = command.ExecuteReader();
                var visited = 0;
                while (reader.Read())
                {
                    visited++;
                    if (!visit(reader))
                    {
                        break;
                    }
                }

                return visited;
            },
            cancellationToken);

    /// <summary>Keeps the segment while it is read; false if it is being removed.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            _readers += _isCondemned ? 0 : 1;
            return !_isCondemned;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _readers--;
        }
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>Whether nobody is left.</returns>
    public bool Condemn()
    {
        lock (_lock)
        {
            _isCondemned = true;
            return _readers == 0;
        }
    }

    public ValueTask DisposeAsync()
    {
        _commands?.Dispose();
        return database.DisposeAsync();
    }

    private static (SealedHead Head, byte[] Seal)? ReadHead(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT segment, first, last, hash, seal FROM head");
        var heads = command.ReadAll(reader =>
            (new SealedHead(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), (byte[])reader.GetValue(3)), (byte[])reader.GetValue(4)));
        return heads is [var head] ? head : null;
    }

    private static Dictionary<string, long> Count(SqliteConnection connection, string column)
    {
        using var command = connection.Command(
            $"SELECT {column}, COUNT(*) FROM access_log WHERE kind = $kind GROUP BY {column}",
            ("$kind", RecordKind.Decision));
        return command.ReadAll(reader => (reader.GetString(0), reader.GetInt64(1))).ToDictionary(row => row.Item1, row => row.Item2);
    }

    private static long? ReadScalar(SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteScalar() as long?;
    }

    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    private static AccessLogEntry ReadEntry(SqliteDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetTime(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetInt32(4),
        reader.GetDouble(5),
        reader.GetNullableString(6),
        reader.GetNullableString(7),
        reader.GetNullableString(8),
        reader.GetNullableString(9),
        reader.GetString(10),
        reader.GetBoolean(11),
        reader.GetString(12),
        reader.GetString(13));
}
