using System.Globalization;
using NovaId.Api.Documents;
using Npgsql;

namespace NovaId.Api.Storage;

/// <summary>
/// The tables in PostgreSQL, made and brought forward at the start, by one instance at a time: each version in a transaction of its own,
/// together with its number. What is there and is not what it should be is named and left alone.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>What each version adds to the one before.</summary>
    private static readonly string[] Versions =
    [
        $"""
        CREATE SCHEMA {PostgresDatabase.Schema};
        CREATE TABLE {PostgresDatabase.Schema}.schema_version (
            row integer PRIMARY KEY CHECK (row = 1),
            version integer NOT NULL,
            changed_at timestamptz NOT NULL DEFAULT now()
        );
        INSERT INTO {PostgresDatabase.Schema}.schema_version (row, version) VALUES (1, 0);
        CREATE TABLE {PostgresDatabase.Schema}.access_log_began (row integer PRIMARY KEY CHECK (row = 1), time bigint NOT NULL);
        CREATE FUNCTION {PostgresDatabase.Schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'the access log is append-only'; END $$;
        {DocumentStore.PostgresSchema}
        """,
    ];

    /// <summary>What must be there once all versions are.</summary>
    private static readonly string[] Columns =
    [
        "access_log_began.row", "access_log_began.time",
        "documents.content", "documents.created_at", "documents.id", "documents.owner_id", "documents.row", "documents.title", "documents.updated_at",
        "schema_version.row", "schema_version.version",
    ];

    private const int OldestServer = 14;

    /// <summary>Two numbers, which no lock on a name has.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(1314870849, 1)";

    /// <summary>Makes the tables or brings them forward.</summary>
    /// <exception cref="StorageException">What is there cannot be used; the message says why and what to do.</exception>
    public static async Task PrepareAsync(PostgresDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            if (connection.PostgreSqlVersion.Major < OldestServer)
            {
                throw new StorageException(
                    $"The PostgreSQL server of Storage:ConnectionString is version {connection.PostgreSqlVersion}. "
                    + $"Name one of version {OldestServer} or later.");
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(Lock, cancellationToken);
            var version = await ReadVersionAsync(connection, cancellationToken);
            for (; version < Versions.Length; version++)
            {
                await connection.ExecuteAsync(Versions[version], cancellationToken);
                await using var advance = connection.Command(
                    $"UPDATE {PostgresDatabase.Schema}.schema_version SET version = @version, changed_at = now()",
                    ("@version", version + 1));
                await advance.ExecuteNonQueryAsync(cancellationToken);
            }

            await VerifyAsync(connection, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new StorageException(Explain(e), e);
        }
    }

    /// <summary>What a failure of the server means, without its address, and what to do.</summary>
    public static string Explain(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "The PostgreSQL server refuses the role of Storage:ConnectionString. Correct Username and Password, or what pg_hba.conf says of the role.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            "The database of Storage:ConnectionString does not exist. Make it, with a role of its own that owns it: "
                + "CREATE ROLE … LOGIN PASSWORD …; CREATE DATABASE … OWNER …",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"The role of Storage:ConnectionString may not do what it must: {refused.MessageText}. Let it own its database: ALTER DATABASE … OWNER TO …",
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } =>
            "Another instance has the database's tables in work and has not ended within five seconds. Wait for it, or see what it does in pg_stat_activity.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
            "The PostgreSQL server takes no more connections. Raise its max_connections, or lower Maximum Pool Size in Storage:ConnectionString.",
        PostgresException answered =>
            $"The database of Storage:ConnectionString answers with an error: {answered.MessageText} ({answered.SqlState}). See the server's log.",
        _ => "The PostgreSQL server of Storage:ConnectionString does not answer. Start it, or correct Host and Port; "
            + "if it asks for TLS, say so with SSL Mode and Root Certificate.",
    };

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = await connection.ReadNumberAsync(
            $"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ~ '^{PostgresDatabase.Schema}(_log_[0-9]+)?$'",
            cancellationToken);
        var hasVersion = await connection.ReadNumberAsync(
            $"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{PostgresDatabase.Schema}' AND c.relname = 'schema_version'",
            cancellationToken);
        if (hasVersion == 0)
        {
            return tables == 0 ? 0 : throw Half("it holds tables of NovaId and no version of them");
        }

        await using var command = connection.Command($"SELECT version FROM {PostgresDatabase.Schema}.schema_version");
        return await command.ReadAllAsync(reader => reader.GetInt32(0), cancellationToken) switch
        {
            [var version] when version > Versions.Length => throw new StorageException(string.Create(
                CultureInfo.InvariantCulture,
                $"The database of Storage:ConnectionString has schema version {version}, and this program knows {Versions.Length}: a newer one was at "
                    + $"work. Start that one, or put the database back from a backup of before.")),
            [var version and >= 1] => version,
            _ => throw Half("its schema version is none that a program writes"),
        };
    }

    private static async Task VerifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = '{PostgresDatabase.Schema}'");
        var present = await command.ReadAllAsync(reader => reader.GetString(0), cancellationToken);
        if (Columns.Except(present).FirstOrDefault() is { } missing)
        {
            throw Half($"{PostgresDatabase.Schema}.{missing} is missing");
        }
    }

    private static StorageException Half(string what) => new(
        $"The database of Storage:ConnectionString is half made: {what}. Put it back from a backup; or, if nothing in it is needed, drop the schemas "
        + $"{PostgresDatabase.Schema} and {PostgresDatabase.Schema}_log_…, and it is made anew.");
}
