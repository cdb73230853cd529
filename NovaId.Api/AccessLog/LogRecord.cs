using System.Data.Common;
using System.Text;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>The content of a record: everything but its place in the chain.</summary>
internal sealed record LogRecord
{
    /// <summary>The columns, in the order of the canonical form.</summary>
    public const string Columns = "kind, time, method, path, route, status, milliseconds, authentication, subject, client_id, rank, required, "
        + "allowed, reason, trace_id, detail";

    public required string Kind { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Time { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    public string? Route { get; init; }

    public long? Status { get; init; }

    public double? Milliseconds { get; init; }

    public string? Authentication { get; init; }

    public string? Subject { get; init; }

    public string? ClientId { get; init; }

    public string? Rank { get; init; }

    public string? Required { get; init; }

    public long? Allowed { get; init; }

    public string? Reason { get; init; }

    public string? TraceId { get; init; }

    /// <summary>What a record of the log itself tells; null for a decision.</summary>
    public string? Detail { get; init; }

    public static LogRecord Of(AccessLogRow row) => new()
    {
        Kind = RecordKind.Decision,
        Time = row.Time.ToUnixTimeMilliseconds(),
        Method = Clean(row.Method),
        Path = Clean(row.Path),
        Route = Clean(row.Route),
        Status = row.Status,
        Milliseconds = row.Milliseconds,
        Authentication = Clean(row.Authentication),
        Subject = Clean(row.Subject),
        ClientId = Clean(row.ClientId),
        Rank = Clean(row.Rank),
        Required = Clean(row.Required),
        Allowed = row.Allowed ? 1 : 0,
        Reason = Clean(row.Reason),
        TraceId = Clean(row.TraceId),
    };

    /// <summary>Reads a record whose columns begin at the one given.</summary>
    public static LogRecord Read(DbDataReader reader, int first) => new()
    {
        Kind = reader.GetString(first),
        Time = reader.GetInt64(first + 1),
        Method = reader.GetNullableString(first + 2),
        Path = reader.GetNullableString(first + 3),
        Route = reader.GetNullableString(first + 4),
        Status = reader.IsDBNull(first + 5) ? null : reader.GetInt64(first + 5),
        Milliseconds = reader.IsDBNull(first + 6) ? null : reader.GetDouble(first + 6),
        Authentication = reader.GetNullableString(first + 7),
        Subject = reader.GetNullableString(first + 8),
        ClientId = reader.GetNullableString(first + 9),
        Rank = reader.GetNullableString(first + 10),
        Required = reader.GetNullableString(first + 11),
        Allowed = reader.IsDBNull(first + 12) ? null : reader.GetInt64(first + 12),
        Reason = reader.GetNullableString(first + 13),
        TraceId = reader.GetNullableString(first + 14),
        Detail = reader.GetNullableString(first + 15),
    };

    /// <summary>
    /// SQLite ends a text at a NUL, PostgreSQL takes none, and neither takes half a surrogate pair; what is read back must be what was sealed.
    /// </summary>
    private static string? Clean(string? text) =>
        text is not null && (text.Contains('\0', StringComparison.Ordinal) || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD')
            : text;
}
