using System.Data.Common;
using System.Globalization;
using NovaId.Api.Configuration;
using NovaId.Api.Storage;
using Npgsql;

namespace NovaId.Api.AccessLog;

/// <summary>
/// A PostgreSQL database, to which every instance of the API writes: one chain, whose end an instance reads, continues and moves while it
/// holds a lock that all of them take. A segment is a schema of its own.
/// </summary>
internal sealed class PostgresLogPlace(AccessLogOptions options, PostgresDatabase database) : LogPlace
{
    private const string Prefix = $"{PostgresDatabase.Schema}_log_";

    /// <summary>It ends with its transaction, and that ends with whoever holds it.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(1314870849, 2)";

    public override bool IsShared => true;

    public override bool IsForgotten => false;

    public override string FirstSegment => $"the schema {SchemaOf(1)}";

    public override string NoLog => "There is no access log in the database of Storage:ConnectionString. Name the one that the API writes to.";

    public override string MissingKey => "AccessLog:Key says nothing. Give every instance the same one.";

    public override string? HeadFile => options.HeadFile;

    public override string Explain(Exception failure) => failure is DbException
        ? PostgresSchema.Explain(failure)
        : $"The head file of the access log, AccessLog:HeadFile, cannot be used: {failure.Message} Make it readable and writable for this user.";

    public override Task PrepareAsync(CancellationToken cancellationToken) => PostgresSchema.PrepareAsync(database, cancellationToken);

    public override Task<IReadOnlyList<int>> SegmentsAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async (connection, cancelled) =>
        {
            await using var command = connection.Command(
                "SELECT nspname::text FROM pg_namespace WHERE nspname >= @first AND nspname < @beyond",
                ("@first", Prefix + "0"),
                ("@beyond", Prefix + ":"));
            var names = await command.ReadAllAsync(reader => reader.GetString(0)[Prefix.Length..], cancelled);
            return (IReadOnlyList<int>)[.. names
                .Where(name => name.Length >= 6 && name.All(char.IsAsciiDigit))
                .Select(name => int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture))
                .Order()];
        },
        cancellationToken);

    public override async Task<SegmentDatabase> OpenAsync(int number, CancellationToken cancellationToken)
    {
        var segment = new PostgresSegment(database, SchemaOf(number));
        await database.WriteAsync(
            async (connection, cancelled) =>
            {
                if (await segment.CountTablesAsync(connection, cancelled) < 2)
                {
                    await using var transaction = await connection.BeginTransactionAsync(cancelled);
                    await connection.ExecuteAsync(PostgresSegment.Definition(SchemaOf(number)), cancelled);
                    await transaction.CommitAsync(cancelled);
                }

                return 0;
            },
            cancellationToken);
        return segment;
    }

    public override SegmentDatabase OpenForReading(int number) => new PostgresSegment(database, SchemaOf(number));

    public override Task DeleteAsync(int number, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, cancelled) => connection.ExecuteAsync($"DROP SCHEMA IF EXISTS {SchemaOf(number)} CASCADE", cancelled),
        cancellationToken);

    public override byte[]? FindKey() => options.DecodedKey;

    public override byte[] CreateKey() => throw new AccessLogBrokenException($"The access log has no key: {MissingKey}");

    public override Task MigrateAsync(AccessLogStore store, TimeProvider time) => Task.CompletedTask;

    public override Task<bool> HasBegunAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async (connection, cancelled) =>
            await connection.ReadNumberAsync(
                $"""
                SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = '{PostgresDatabase.Schema}' AND c.relname = 'access_log_began'
                """,
                cancelled) > 0
            && await connection.ReadNumberAsync("SELECT count(*) FROM access_log_began", cancelled) > 0,
        cancellationToken);

    public override Task RememberAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        async (connection, cancelled) =>
        {
            await using var row = connection.Command(
                "INSERT INTO access_log_began (row, time) VALUES (1, @time) ON CONFLICT DO NOTHING",
                ("@time", now.ToUnixTimeMilliseconds()));
            return await row.ExecuteNonQueryAsync(cancelled);
        },
        cancellationToken);

    public override async Task<IAsyncDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(Lock, cancellationToken);
            return new Turn(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string SchemaOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D6}");

    private sealed class Turn(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await transaction.DisposeAsync();
            }
            catch (NpgsqlException)
            {
                // The connection is gone, and with it the lock.
            }

            await connection.DisposeAsync();
        }
    }

    private sealed class PostgresSegment(PostgresDatabase database, string schema)
        : SegmentDatabase(database, $"{schema}.access_log", $"{schema}.head")
    {
        /// <summary>
        /// The triggers keep the program and its mistakes from changing what is written. Whoever owns the tables can drop them; that is what
        /// the chain is for.
        /// </summary>
        public static string Definition(string schema) => $"""
            CREATE SCHEMA IF NOT EXISTS {schema};
            CREATE TABLE IF NOT EXISTS {schema}.access_log (
                id bigint PRIMARY KEY,
                kind text NOT NULL,
                time bigint NOT NULL,
                method text,
                path text,
                route text,
                status bigint,
                milliseconds double precision,
                authentication text,
                subject text,
                client_id text,
                rank text,
                required text,
                allowed bigint,
                reason text,
                trace_id text,
                detail text,
                previous bytea NOT NULL,
                hash bytea NOT NULL
            );
            CREATE INDEX IF NOT EXISTS access_log_subject ON {schema}.access_log (subject, id);
            CREATE INDEX IF NOT EXISTS access_log_allowed ON {schema}.access_log (allowed, id);
            CREATE TABLE IF NOT EXISTS {schema}.head (
                row integer PRIMARY KEY CHECK (row = 1),
                segment integer NOT NULL,
                first bigint NOT NULL,
                last bigint NOT NULL,
                hash bytea NOT NULL,
                seal bytea NOT NULL
            );
            CREATE OR REPLACE FUNCTION {schema}.refuse_insertion() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.id <= (SELECT max(id) FROM {schema}.access_log) THEN
                        RAISE EXCEPTION 'the access log is append-only';
                    END IF;
                    RETURN NEW;
                END $$;
            CREATE OR REPLACE TRIGGER access_log_insert BEFORE INSERT ON {schema}.access_log
                FOR EACH ROW EXECUTE FUNCTION {schema}.refuse_insertion();
            CREATE OR REPLACE TRIGGER access_log_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.access_log
                FOR EACH STATEMENT EXECUTE FUNCTION {PostgresDatabase.Schema}.refuse_change();
            """;

        public override async Task<long> CountTablesAsync(DbConnection connection, CancellationToken cancellationToken)
        {
            await using var command = connection.Command(
                """
                SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = @schema AND c.relkind = 'r' AND c.relname IN ('access_log', 'head')
                """,
                ("@schema", schema));
            return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        public override async Task<long> ReadSizeAsync(DbConnection connection, CancellationToken cancellationToken) =>
            await connection.ReadNumberAsync($"SELECT pg_total_relation_size('{Records}')", cancellationToken) ?? 0;

        public override RecordInserter CreateInserter(DbConnection connection) => new PostgresRecordInserter((NpgsqlConnection)connection, Records);

        public override Task CloseAsync() => Task.CompletedTask;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
