using Microsoft.Data.Sqlite;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>What is run for each batch, prepared once: at one request at a time a batch is one record, and preparing would cost the most.</summary>
internal sealed class AppendCommands : IDisposable
{
    private const string InsertRecord = $"""
        INSERT INTO access_log (id, {LogRecord.Columns}, previous, hash)
        VALUES ($id, $kind, $time, $method, $path, $route, $status, $milliseconds, $authentication, $subject, $client_id, $rank, $required,
            $allowed, $reason, $trace_id, $detail, $previous, $hash)
        """;

    /// <summary>The head moves only from where this program left it.</summary>
    private const string MoveHead = """
        UPDATE head SET segment = $segment, first = $first, last = $last, hash = $hash, seal = $seal
        WHERE last = $before_last AND hash = $before_hash
        """;

    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _move;
    private readonly SqliteCommand _pages;
    private readonly SqliteCommand _pageSize;

    public AppendCommands(SqliteConnection connection)
    {
        (_insert, _move) = (connection.Command(InsertRecord), connection.Command(MoveHead));
        (_pages, _pageSize) = (connection.Command("PRAGMA page_count"), connection.Command("PRAGMA page_size"));
    }

    /// <summary>Inserts a record.</summary>
    /// <returns>Whether it is there: a trigger that somebody added may swallow it.</returns>
    public bool Insert(SqliteTransaction transaction, ChainedRecord chained)
    {
        var (id, previous, hash, record) = chained;
        _insert.Transaction = transaction;
        Set(_insert, 0, "$id", id);
        Set(_insert, 1, "$kind", record.Kind);
        Set(_insert, 2, "$time", record.Time);
        Set(_insert, 3, "$method", record.Method);
        Set(_insert, 4, "$path", record.Path);
        Set(_insert, 5, "$route", record.Route);
        Set(_insert, 6, "$status", record.Status);
        Set(_insert, 7, "$milliseconds", record.Milliseconds);
        Set(_insert, 8, "$authentication", record.Authentication);
        Set(_insert, 9, "$subject", record.Subject);
        Set(_insert, 10, "$client_id", record.ClientId);
        Set(_insert, 11, "$rank", record.Rank);
        Set(_insert, 12, "$required", record.Required);
        Set(_insert, 13, "$allowed", record.Allowed);
        Set(_insert, 14, "$reason", record.Reason);
        Set(_insert, 15, "$trace_id", record.TraceId);
        Set(_insert, 16, "$detail", record.Detail);
        Set(_insert, 17, "$previous", previous);
        Set(_insert, 18, "$hash", hash);
        return _insert.ExecuteNonQuery() == 1;
    }

    /// <summary>Moves the head.</summary>
    /// <returns>Whether it was where it should have been.</returns>
    public bool Move(SqliteTransaction transaction, SealedHead before, SealedHead after, byte[] seal)
    {
        _move.Transaction = transaction;
        Set(_move, 0, "$segment", after.Segment);
        Set(_move, 1, "$first", after.First);
        Set(_move, 2, "$last", after.Last);
        Set(_move, 3, "$hash", after.Hash);
        Set(_move, 4, "$seal", seal);
        Set(_move, 5, "$before_last", before.Last);
        Set(_move, 6, "$before_hash", before.Hash);
        return _move.ExecuteNonQuery() == 1;
    }

    /// <summary>How many bytes the database takes.</summary>
    public long ReadSize() => (long)_pages.ExecuteScalar()! * (long)_pageSize.ExecuteScalar()!;

    public void Dispose()
    {
        _insert.Dispose();
        _move.Dispose();
        _pages.Dispose();
        _pageSize.Dispose();
    }

    private static void Set(SqliteCommand command, int index, string name, object? value)
    {
        if (index < command.Parameters.Count)
        {
            command.Parameters[index].Value = value ?? DBNull.Value;
        }
        else
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
    }
}
