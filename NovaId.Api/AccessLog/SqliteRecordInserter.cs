using System.Data.Common;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>Inserts one record after the other with a command that is prepared once: at one request at a time a batch is one record, and
/// preparing would cost the most.</summary>
internal sealed class SqliteRecordInserter(DbConnection connection, string table) : RecordInserter
{
    private readonly DbCommand _insert = connection.Command(
        $"""
        INSERT INTO {table} (id, {LogRecord.Columns}, previous, hash)
        VALUES (@id, @kind, @time, @method, @path, @route, @status, @milliseconds, @authentication, @subject, @client_id, @rank, @required,
            @allowed, @reason, @trace_id, @detail, @previous, @hash)
        """);

    public override async Task<bool> InsertAsync(
        DbTransaction transaction,
        IReadOnlyList<ChainedRecord> records,
        CancellationToken cancellationToken)
    {
        _insert.Transaction = transaction;
        foreach (var record in records)
        {
            Set(record);
            if (await _insert.ExecuteNonQueryAsync(cancellationToken) != 1)
            {
                return false;
            }
        }

        return true;
    }

    public override ValueTask DisposeAsync() => _insert.DisposeAsync();

    private void Set(ChainedRecord chained)
    {
        var (id, previous, hash, record) = chained;
        _insert.Set(0, "@id", id);
        _insert.Set(1, "@kind", record.Kind);
        _insert.Set(2, "@time", record.Time);
        _insert.Set(3, "@method", record.Method);
        _insert.Set(4, "@path", record.Path);
        _insert.Set(5, "@route", record.Route);
        _insert.Set(6, "@status", record.Status);
        _insert.Set(7, "@milliseconds", record.Milliseconds);
        _insert.Set(8, "@authentication", record.Authentication);
        _insert.Set(9, "@subject", record.Subject);
        _insert.Set(10, "@client_id", record.ClientId);
        _insert.Set(11, "@rank", record.Rank);
        _insert.Set(12, "@required", record.Required);
        _insert.Set(13, "@allowed", record.Allowed);
        _insert.Set(14, "@reason", record.Reason);
        _insert.Set(15, "@trace_id", record.TraceId);
        _insert.Set(16, "@detail", record.Detail);
        _insert.Set(17, "@previous", previous);
        _insert.Set(18, "@hash", hash);
    }
}
