using System.Data.Common;
using System.Text.Json.Nodes;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>
/// Takes over the records of a log without a chain, which lay among the documents. What happened to them before, no chain can say, so each
/// batch begins with a record that tells where it is from; that record also says where to go on if the process ends half way.
/// </summary>
internal static class AccessLogMigration
{
    private const int Batch = 1000;

    public static async Task RunAsync(SqliteDatabase documents, AccessLogStore store, TimeProvider time)
    {
        if (!await documents.ReadAsync(HasRowsAsync, default))
        {
            return;
        }

        var through = await store.FindNewestAsync(RecordKind.Migration, default) is { Detail: { } detail }
            ? (long)JsonNode.Parse(detail)!["through"]!
            : 0;
        while (await documents.ReadAsync((connection, cancelled) => ReadAsync(connection, through, cancelled), default) is { Count: > 0 } rows)
        {
            var announcement = new LogRecord
            {
                Kind = RecordKind.Migration,
                Time = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Detail = new JsonObject { ["from"] = rows[0].Row, ["through"] = rows[^1].Row, ["records"] = rows.Count }.ToJsonString(),
            };
            await store.AppendAsync([announcement, .. rows.Select(row => row.Record)], default);
            through = rows[^1].Row;
        }

        await documents.WriteAsync(
            async (connection, cancelled) =>
            {
                // The table stays, so that rows which an older version writes later have higher numbers.
                await using var command = connection.Command("DELETE FROM access_log WHERE row <= @through", ("@through", through));
                return await command.ExecuteNonQueryAsync(cancelled);
            },
            default);
    }

    private static async Task<bool> HasRowsAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.ReadNumberAsync("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'access_log'", cancellationToken) is 1
        && await connection.ReadNumberAsync("SELECT COUNT(*) FROM (SELECT 1 FROM access_log LIMIT 1)", cancellationToken) is 1;

    private static async Task<IReadOnlyList<(long Row, LogRecord Record)>> ReadAsync(
        DbConnection connection,
        long after,
        CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            """
            SELECT row, 'decision', time, method, path, route, status, milliseconds, authentication, subject, client_id, rank, required, allowed,
                reason, trace_id, NULL
            FROM access_log WHERE row > @after ORDER BY row LIMIT @count
            """,
            ("@after", after),
            ("@count", Batch));
        return await command.ReadAllAsync(reader => (reader.GetInt64(0), LogRecord.Read(reader, 1)), cancellationToken);
    }
}
