using Microsoft.Data.Sqlite;
using NovaId.Api.AccessLog;
using NovaId.Tests.Api;

namespace NovaId.Tests.Audit;

/// <summary>A storage in a folder of its own, and what somebody can do to it who may write to the files.</summary>
internal sealed class LogStorage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-log-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "novaid.db");

    public string Head => Path + "-log-head";

    public string Key => Path + "-log-key";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public string Segment(int number) => $"{Path}-log-{number:D6}";

    /// <summary>The numbers of the segments that are there.</summary>
    public IReadOnlyList<int> Segments() =>
        [.. _folder.EnumerateFiles("novaid.db-log-0*").Where(file => file.Name.Length == 20).Select(file => int.Parse(file.Name[^6..])).Order()];

    /// <summary>Another storage with the same files.</summary>
    public LogStorage Copy()
    {
        var copy = new LogStorage();
        foreach (var file in _folder.EnumerateFiles())
        {
            file.CopyTo(System.IO.Path.Combine(copy._folder.FullName, file.Name));
        }

        return copy;
    }

    public IEnumerable<FileInfo> Files() => _folder.EnumerateFiles();

    public SqliteConnection OpenSegment(int number) => Open(Segment(number));

    public SqliteConnection OpenDocuments() => Open(Path);

    /// <summary>Changes a segment as somebody does who knows SQLite: without the triggers.</summary>
    public void Tamper(int segment, string sql)
    {
        using var connection = OpenSegment(segment);
        Execute(connection, "DROP TRIGGER IF EXISTS access_log_update");
        Execute(connection, "DROP TRIGGER IF EXISTS access_log_delete");
        Execute(connection, "DROP TRIGGER IF EXISTS access_log_insert");
        Execute(connection, sql);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Lets an API write decisions to it, and stops it.</summary>
    public async Task WriteAsync(int decisions, params (string Key, string Value)[] settings)
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(settings), Path);
        await WriteAsync(zone, decisions);
        await zone.StopAsync();
    }

    public static async Task WriteAsync(ApiZone zone, int decisions)
    {
        var person = zone.Gateway.AddPerson();
        await Parallel.ForAsync(
            0,
            decisions,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled },
            async (_, _) => (await zone.GetAsync("/api/me", person)).Dispose());
    }

    /// <summary>Runs the command line's verify-log on it.</summary>
    public async Task<(int Code, string Output, string Errors)> VerifyAsync(params string[] more)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await VerifyLogCommand.RunAsync(["verify-log", "--storage", Path, .. more], output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>Fails unless verify-log names this record, and says this of it.</summary>
    public async Task ExpectBrokenAsync(long record, string problem)
    {
        var (code, output, errors) = await VerifyAsync();
        Assert.True(code == 1, $"Exit code {code}: {output}{errors}");
        Assert.Contains($"is broken at record {record}: ", output, StringComparison.Ordinal);
        Assert.Contains(problem, output, StringComparison.Ordinal);
    }

    public async Task ExpectWholeAsync(long? records = null)
    {
        var (code, output, errors) = await VerifyAsync();
        Assert.True(code == 0, $"Exit code {code}: {output}{errors}");
        if (records is not null)
        {
            Assert.Contains($"is whole: {records} records from 1 on", output, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
