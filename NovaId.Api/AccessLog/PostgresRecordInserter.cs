using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace NovaId.Api.AccessLog;

/// <summary>Inserts all records of a batch with one command, each column as an array: the server is asked once, however many they are.</summary>
internal sealed class PostgresRecordInserter(NpgsqlConnection connection, string table) : RecordInserter
{
    public override async Task<bool> InsertAsync(
        DbTransaction transaction,
        IReadOnlyList<ChainedRecord> records,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO {table} (id, {LogRecord.Columns}, previous, hash)
            SELECT * FROM unnest(@id, @kind, @time, @method, @path, @route, @status, @milliseconds, @authentication, @subject, @client_id, @rank,
                @required, @allowed, @reason, @trace_id, @detail, @previous, @hash)
            """,
            connection,
            (NpgsqlTransaction)transaction);
        Add("id", NpgsqlDbType.Bigint, record => record.Id);
        Add("kind", NpgsqlDbType.Text, record => record.Record.Kind);
        Add("time", NpgsqlDbType.Bigint, record => record.Record.Time);
        Add("method", NpgsqlDbType.Text, record => record.Record.Method);
        Add("path", NpgsqlDbType.Text, record => record.Record.Path);
        Add("route", NpgsqlDbType.Text, record => record.Record.Route);
        Add("status", NpgsqlDbType.Bigint, record => record.Record.Status);
        Add("milliseconds", NpgsqlDbType.Double, record => record.Record.Milliseconds);
        Add("authentication", NpgsqlDbType.Text, record => record.Record.Authentication);
        Add("subject", NpgsqlDbType.Text, record => record.Record.Subject);
        Add("client_id", NpgsqlDbType.Text, record => record.Record.ClientId);
        Add("rank", NpgsqlDbType.Text, record => record.Record.Rank);
        Add("required", NpgsqlDbType.Text, record => record.Record.Required);
        Add("allowed", NpgsqlDbType.Bigint, record => record.Record.Allowed);
        Add("reason", NpgsqlDbType.Text, record => record.Record.Reason);
        Add("trace_id", NpgsqlDbType.Text, record => record.Record.TraceId);
        Add("detail", NpgsqlDbType.Text, record => record.Record.Detail);
        Add("previous", NpgsqlDbType.Bytea, record => record.Previous);
        Add("hash", NpgsqlDbType.Bytea, record => record.Hash);
        return await command.ExecuteNonQueryAsync(cancellationToken) == records.Count;

        void Add<T>(string name, NpgsqlDbType type, Func<ChainedRecord, T> select) =>
            command.Parameters.Add(new NpgsqlParameter<T[]>(name, NpgsqlDbType.Array | type) { TypedValue = [.. records.Select(select)] });
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
