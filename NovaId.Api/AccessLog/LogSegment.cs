using System.Data.Common;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>
/// A part of the access log: a database of its own, in a file of its own. The last one is written to; the others are closed and change no
/// more.
/// </summary>
internal sealed class LogSegment(int number, SegmentDatabase segment) : IAsyncDisposable
{
    private const int RecordsBetweenMeasurements = 32;

    private const string SelectColumns = "id, time, method, path, status, milliseconds, authentication, subject, client_id, rank, required, "
        + "allowed, reason, trace_id";

    private readonly Lock _lock = new();
    private int _readers;
    private bool _isCondemned;
    private AccessLogStatistics? _statistics;
    private DbConnection? _commandsOf;
    private RecordInserter? _inserter;
    private DbCommand? _move;
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

    private Database Database => segment.Database;

    /// <summary>Opens a segment to write to it, and makes it where there is none.</summary>
    public static async Task<LogSegment> OpenAsync(LogPlace place, int number, CancellationToken cancellationToken) =>
        new(number, await place.OpenAsync(number, cancellationToken));

    public static LogSegment OpenForReading(LogPlace place, int number) => new(number, place.OpenForReading(number)) { IsClosed = true };

    /// <summary>Reads what the segment holds from, and until when.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) => await Database.ReadAsync(
        async (connection, cancelled) =>
        {
            First = await connection.ReadNumberAsync($"SELECT min(id) FROM {segment.Records}", cancelled) ?? 0;
            FirstTime = Time(await connection.ReadNumberAsync($"SELECT time FROM {segment.Records} ORDER BY id LIMIT 1", cancelled));
            LastTime = Time(await connection.ReadNumberAsync($"SELECT time FROM {segment.Records} ORDER BY id DESC LIMIT 1", cancelled));
            Size = await segment.ReadSizeAsync(connection, cancelled);
            return 0;
        },
        cancellationToken);

    /// <summary>
    /// Whether the segment holds anything: a process that ends while it makes the file leaves one without tables, or with empty ones.
    /// </summary>
    public Task<bool> HasBegunAsync(CancellationToken cancellationToken) => Database.ReadAsync(
        async (connection, cancelled) => await segment.CountTablesAsync(connection, cancelled) switch
        {
            0 => false,
            2 => await connection.ReadNumberAsync(
                $"SELECT (SELECT COUNT(*) FROM {segment.Head}) + (SELECT COUNT(*) FROM (SELECT 1 FROM {segment.Records} LIMIT 1) AS one)",
                cancelled) > 0,
            _ => true,
        },
        cancellationToken);

    /// <summary>The head and its seal as they are written; null where there is none.</summary>
    public Task<(SealedHead Head, byte[] Seal)?> ReadHeadAsync(CancellationToken cancellationToken) =>
        Database.ReadAsync(ReadHeadAsync, cancellationToken);

    /// <summary>The hash that a record carries, and the last record; null and 0 where there is none.</summary>
    public Task<(byte[]? Hash, long Last)> FindAsync(long id, CancellationToken cancellationToken) => Database.ReadAsync(
        async (connection, cancelled) =>
        {
            await using var command = connection.Command($"SELECT hash FROM {segment.Records} WHERE id = @id", ("@id", id));
            return (
                await command.ExecuteScalarAsync(cancelled) as byte[],
                await connection.ReadNumberAsync($"SELECT max(id) FROM {segment.Records}", cancelled) ?? 0);
        },
        cancellationToken);

    /// <summary>Writes the head of a segment that has no record yet.</summary>
    public Task BeginAsync(SealedHead head, byte[] seal, CancellationToken cancellationToken) => Database.WriteAsync(
        async (connection, cancelled) =>
        {
            await using var command = connection.Command(
                $"""
                INSERT INTO {segment.Head} (row, segment, first, last, hash, seal) VALUES (1, @segment, @first, @last, @hash, @seal)
                ON CONFLICT (row) DO UPDATE SET segment = @segment, first = @first, last = @last, hash = @hash, seal = @seal
                """,
                ("@segment", head.Segment),
                ("@first", head.First),
                ("@last", head.Last),
                ("@hash", head.Hash),
                ("@seal", seal));
            return await command.ExecuteNonQueryAsync(cancelled);
        },
        cancellationToken);

    /// <summary>Writes the records and moves the head in one transaction.</summary>
    public Task AppendAsync(
        IReadOnlyList<ChainedRecord> records,
        SealedHead before,
        SealedHead after,
        byte[] seal,
        CancellationToken cancellationToken) =>
        Database.WriteAsync(
            async (connection, cancelled) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancelled);
                await PrepareAsync(connection);
                if (!await _inserter!.InsertAsync(transaction, records, cancelled)
                    || !await MoveAsync(transaction, before, after, seal, cancelled))
                {
                    throw new AccessLogBrokenException("Somebody else has written to the access log, or changed what it writes. Run verify-log.");
                }

                await transaction.CommitAsync(cancelled);
                var last = DateTimeOffset.FromUnixTimeMilliseconds(records[^1].Record.Time);
                First = First == 0 ? records[0].Id : First;
                FirstTime ??= DateTimeOffset.FromUnixTimeMilliseconds(records[0].Record.Time);
                LastTime = LastTime > last ? LastTime : last;
                _unmeasured += records.Count;
                if (_unmeasured >= RecordsBetweenMeasurements)
                {
                    (Size, _unmeasured) = (await segment.ReadSizeAsync(connection, cancelled), 0);
                }

                return records.Count;
            },
            cancellationToken);

    /// <summary>Ends writing to this segment.</summary>
    public async Task CloseAsync()
    {
        await ForgetCommandsAsync();
        await segment.CloseAsync();
        IsClosed = true;
    }

    /// <summary>The newest decisions below a record, newest first.</summary>
    public Task<IReadOnlyList<AccessLogEntry>> ListAsync(
        string? subject,
        bool? allowed,
        long? before,
        int count,
        CancellationToken cancellationToken) =>
        Database.ReadAsync(
            async (connection, cancelled) =>
            {
                var conditions = string.Concat(
                    before is null ? "" : " AND id < @before",
                    subject is null ? "" : " AND subject = @subject",
                    allowed is null ? "" : " AND allowed = @allowed");
                await using var command = connection.Command(
                    $"SELECT {SelectColumns} FROM {segment.Records} WHERE kind = @kind{conditions} ORDER BY id DESC LIMIT @count",
                    ("@kind", RecordKind.Decision),
                    ("@before", before),
                    ("@subject", subject),
                    ("@allowed", allowed is null ? null : allowed.Value ? 1L : 0L),
                    ("@count", count));
                return await command.ReadAllAsync(ReadEntry, cancelled);
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
        var counted = await Database.ReadAsync(
            async (connection, cancelled) =>
            {
                var byStatus = await CountAsync(connection, "CAST(status AS TEXT)", cancelled);
                var byPath = await CountAsync(connection, "route", cancelled);
                var byOutcome = await CountAsync(connection, "CAST(allowed AS TEXT)", cancelled);
                var (allowed, denied) = (byOutcome.GetValueOrDefault("1"), byOutcome.GetValueOrDefault("0"));
                return new AccessLogStatistics(allowed + denied, allowed, denied, byStatus, byPath);
            },
            cancellationToken);
        _statistics = isClosed ? counted : null;
        return counted;
    }

    /// <summary>The newest record of a kind; null if the segment has none.</summary>
    public Task<LogRecord?> FindNewestAsync(string kind, CancellationToken cancellationToken) => Database.ReadAsync(
        async (connection, cancelled) =>
        {
            await using var command = connection.Command(
                $"SELECT {LogRecord.Columns} FROM {segment.Records} WHERE kind = @kind ORDER BY id DESC LIMIT 1",
                ("@kind", kind));
            return await command.ReadAllAsync(reader => LogRecord.Read(reader, 0), cancelled) is [var record] ? record : null;
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
        Func<DbDataReader, bool> visit,
        CancellationToken cancellationToken) =>
        Database.ReadAsync(
            async (connection, cancelled) =>
            {
                await using var transaction = await Database.BeginSnapshotAsync(connection, cancelled);
                head(await ReadHeadAsync(connection, cancelled));
                await using var command = connection.Command(
                    $"SELECT id, previous, hash, {LogRecord.Columns} FROM {segment.Records} WHERE id > @after ORDER BY id LIMIT @count",
                    ("@after", after),
                    ("@count", count));
                await using var reader = await command.ExecuteReaderAsync(cancelled);
                var visited = 0;
                while (await reader.ReadAsync(cancelled))
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

    public async ValueTask DisposeAsync()
    {
        await ForgetCommandsAsync();
        await segment.DisposeAsync();
    }

    private async Task<(SealedHead Head, byte[] Seal)?> ReadHeadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"SELECT segment, first, last, hash, seal FROM {segment.Head}");
        var heads = await command.ReadAllAsync(
            reader => (new SealedHead(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBytes(3)), reader.GetBytes(4)),
            cancellationToken);
        return heads is [var head] ? head : null;
    }

    private async Task<Dictionary<string, long>> CountAsync(DbConnection connection, string column, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"SELECT {column}, COUNT(*) FROM {segment.Records} WHERE kind = @kind GROUP BY {column}",
            ("@kind", RecordKind.Decision));
        var counts = await command.ReadAllAsync(reader => (reader.GetString(0), reader.GetInt64(1)), cancellationToken);
        return counts.ToDictionary(row => row.Item1, row => row.Item2);
    }

    /// <summary>Makes what is run for each batch; a connection that stays the same keeps it.</summary>
    private async Task PrepareAsync(DbConnection connection)
    {
        if (_commandsOf != connection)
        {
            await ForgetCommandsAsync();
            _inserter = segment.CreateInserter(connection);

            // The head moves only from where this program left it.
            _move = connection.Command(
                $"""
                UPDATE {segment.Head} SET segment = @segment, first = @first, last = @last, hash = @hash, seal = @seal
                WHERE last = @before_last AND hash = @before_hash
                """);
            _commandsOf = connection;
        }
    }

    private async Task ForgetCommandsAsync()
    {
        foreach (var command in (IAsyncDisposable?[])[_inserter, _move])
        {
            if (command is not null)
            {
                await command.DisposeAsync();
            }
        }

        (_commandsOf, _inserter, _move) = (null, null, null);
    }

    private async Task<bool> MoveAsync(
        DbTransaction transaction,
        SealedHead before,
        SealedHead after,
        byte[] seal,
        CancellationToken cancellationToken)
    {
        _move!.Transaction = transaction;
        _move.Set(0, "@segment", after.Segment);
        _move.Set(1, "@first", after.First);
        _move.Set(2, "@last", after.Last);
        _move.Set(3, "@hash", after.Hash);
        _move.Set(4, "@seal", seal);
        _move.Set(5, "@before_last", before.Last);
        _move.Set(6, "@before_hash", before.Hash);
        return await _move.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    private static AccessLogEntry ReadEntry(DbDataReader reader) => new(
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
        reader.GetInt64(11) != 0,
        reader.GetString(12),
        reader.GetString(13));
}
