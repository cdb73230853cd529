using System.Data;
using System.Data.Common;
using Npgsql;

namespace NovaId.Api.Storage;

/// <summary>A PostgreSQL database that is the API's alone, however often the API runs.</summary>
internal sealed class PostgresDatabase(string connectionString) : Database
{
    /// <summary>The schema of what is the API's, but for the segments of the access log.</summary>
    public const string Schema = "novaid";

    // What a request waits for at most where the server is gone or hangs. A person gives up later than that, and the gateway too.
    private const int ConnectSeconds = 2;
    private const int CommandSeconds = 5;
    private const int Connections = 20;
    private const int PreparedStatements = 40;

    /// <summary>
    /// A host that vanishes, or a process that is stopped in the middle, keeps no lock: the server notices the first within eleven seconds
    /// and ends the second's transaction after ten.
    /// </summary>
    private const string SessionOptions = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 "
        + "-c idle_in_transaction_session_timeout=10s -c lock_timeout=5s";

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(Complete(connectionString));

    public override string ForUpdate => " FOR UPDATE";

    /// <summary>A connection that its user keeps and closes.</summary>
    /// <exception cref="NpgsqlException">The server does not answer, or not in time.</exception>
    public async Task<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken);
        }
        catch (TimeoutException e)
        {
            // The first connection learns the server's types, and the others wait for it. Whoever waits too long is told so in these words.
            throw new NpgsqlException("The server did not answer in time.", e);
        }
    }

    /// <summary>A connection outside the pool: closing it ends the session, and with that its locks.</summary>
    public async Task<NpgsqlConnection> OpenSessionAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Complete(connectionString)) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await OpenConnectionAsync(cancellationToken);
        return await read(connection, cancellationToken);
    }

    public override Task<T> WriteAsync<T>(Func<DbConnection, CancellationToken, Task<T>> write, CancellationToken cancellationToken) =>
        ReadAsync(write, cancellationToken);

    public override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>What the connection string leaves open is decided here.</summary>
    private static string Complete(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.SearchPath = Schema;
        builder.Options = $"{SessionOptions} {builder.Options}".TrimEnd();
        SetUnlessSaid("Application Name", "novaid-api");
        SetUnlessSaid("Timeout", ConnectSeconds);
        SetUnlessSaid("Command Timeout", CommandSeconds);
        SetUnlessSaid("Maximum Pool Size", Connections);
        SetUnlessSaid("Max Auto Prepare", PreparedStatements);
        return builder.ConnectionString;

        void SetUnlessSaid(string keyword, object value)
        {
            if (!builder.ShouldSerialize(keyword))
            {
                builder[keyword] = value;
            }
        }
    }
}
