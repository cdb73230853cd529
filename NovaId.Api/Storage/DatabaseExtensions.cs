using System.Data.Common;

namespace NovaId.Api.Storage;

/// <summary>Commands whose values are parameters, always.</summary>
internal static class DatabaseExtensions
{
    public static DbCommand Command(
        this DbConnection connection,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Set(command.Parameters.Count, name, value);
        }

        return command;
    }

    /// <summary>Gives a parameter its value, and makes it the first time.</summary>
    public static void Set(this DbCommand command, int index, string name, object? value)
    {
        if (index < command.Parameters.Count)
        {
            command.Parameters[index].Value = value ?? DBNull.Value;
            return;
        }

        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }

    public static async Task<IReadOnlyList<T>> ReadAllAsync<T>(
        this DbCommand command,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Reads one number; null where there is none.</summary>
    public static async Task<long?> ReadNumberAsync(this DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    public static async Task<int> ExecuteAsync(this DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static string? GetNullableString(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static byte[] GetBytes(this DbDataReader reader, int column) => (byte[])reader.GetValue(column);

    public static DateTimeOffset GetTime(this DbDataReader reader, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}
