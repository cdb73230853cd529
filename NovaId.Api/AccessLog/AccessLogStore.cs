using Microsoft.Data.Sqlite;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>The access log in the database.</summary>
internal sealed class AccessLogStore(SqliteDatabase database)
{
    private const string Columns = "row, time, method, path, status, milliseconds, authentication, subject, client_id, rank, required, "
        + "allowed, reason, trace_id";

    /// <summary>Writes the rows in one transaction.</summary>
    public Task AppendAsync(IReadOnlyList<AccessLogRow> rows, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                using var transaction = connection.BeginTransaction();
                using var command = connection.Command(
                    """
                    INSERT INTO access_log (time, method, path, route, status, milliseconds, authentication, subject, client_id, rank,
                        required, allowed, reason, trace_id)
                    VALUES ($time, $method, $path, $route, $status, $milliseconds, $authentication, $subject, $client, $rank, $required,
                        $allowed, $reason, $trace)
                    """);
                command.Transaction = transaction;
                foreach (var row in rows)
                {
                    command.Parameters.Clear();
                    command.Parameters.AddWithValue("$time", row.Time.ToUnixTimeMilliseconds());
                    command.Parameters.AddWithValue("$method", row.Method);
                    command.Parameters.AddWithValue("$path", row.Path);
                    command.Parameters.AddWithValue("$route", row.Route);
                    command.Parameters.AddWithValue("$status", row.Status);
                    command.Parameters.AddWithValue("$milliseconds", row.Milliseconds);
                    command.Parameters.AddWithValue("$authentication", (object?)row.Authentication ?? DBNull.Value);
                    command.Parameters.AddWithValue("$subject", (object?)row.Subject ?? DBNull.Value);
                    command.Parameters.AddWithValue("$client", (object?)row.ClientId ?? DBNull.Value);
                    command.Parameters.AddWithValue("$rank", (object?)row.Rank ?? DBNull.Value);
                    command.Parameters.AddWithValue("$required", row.Required);
                    command.Parameters.AddWithValue("$allowed", row.Allowed);
                    command.Parameters.AddWithValue("$reason", row.Reason);
                    command.Parameters.AddWithValue("$trace", row.TraceId);
                    command.ExecuteNonQuery();
                }

                transaction.Commit();
                return rows.Count;
            },
            cancellationToken);

    /// <summary>The newest entries below a row, newest first.</summary>
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
                    before is null ? "" : " AND row < $before",
                    subject is null ? "" : " AND subject = $subject",
                    allowed is null ? "" : " AND allowed = $allowed");
                using var command = connection.Command(
                    $"SELECT {Columns} FROM access_log WHERE 1 = 1{conditions} ORDER BY row DESC LIMIT $count",
                    ("$before", before),
                    ("$subject", subject),
                    ("$allowed", allowed),
                    ("$count", count));
                return command.ReadAll(Read);
            },
            cancellationToken);

    public Task<AccessLogStatistics> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                var byStatus = Count(connection, "SELECT CAST(status AS TEXT), COUNT(*) FROM access_log GROUP BY status ORDER BY status");
                var byPath = Count(connection, "SELECT route, COUNT(*) FROM access_log GROUP BY route ORDER BY COUNT(*) DESC, route");
                var byOutcome = Count(connection, "SELECT CAST(allowed AS TEXT), COUNT(*) FROM access_log GROUP BY allowed");
                var allowed = byOutcome.GetValueOrDefault("1");
                var denied = byOutcome.GetValueOrDefault("0");
                return new AccessLogStatistics(allowed + denied, allowed, denied, byStatus, byPath);
            },
            cancellationToken);

    private static Dictionary<string, long> Count(SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ReadAll(reader => (reader.GetString(0), reader.GetInt64(1))).ToDictionary(row => row.Item1, row => row.Item2);
    }

    private static AccessLogEntry Read(SqliteDataReader reader) => new(
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
