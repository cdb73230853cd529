using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NovaId.Api.AccessLog;
using NovaId.Tests.Api;

namespace NovaId.Tests.Audit;

/// <summary>How the log comes to be.</summary>
public sealed class WritingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checks_and_readers_hold_up_nobody_who_writes()
    {
        using var storage = new LogStorage();
        await using var zone = await ApiZone.StartAsync(
            LogSettings.Of(LogSettings.SmallSegments, ("AccessLog:MaximumSegments", "4"), ("Limits:CallerBurst", "100000")),
            storage.Path);
        var major = zone.Gateway.AddPerson("Major");
        var writing = LogStorage.WriteAsync(zone, 900);
        var checks = 0;
        while (!writing.IsCompleted)
        {
            using var response = await zone.GetAsync("/api/logs/verify", major);
            var verification = await ApiZone.ReadAsync(response, 200);
            Assert.True((bool)verification["valid"]!, verification.ToJsonString());
            using var list = await zone.GetAsync("/api/logs?pageSize=100", major);
            Assert.Equal(200, (int)list.StatusCode);
            using var stats = await zone.GetAsync("/api/logs/stats", major);
            Assert.Equal(200, (int)stats.StatusCode);
            var (code, output, errors) = await storage.VerifyAsync();
            Assert.True(code == 0, output + errors);
            checks++;
        }

        await writing;
        Assert.True(checks > 1);
        Assert.Equal(900 + (3 * checks), await CountAsync(storage, zone));
    }

    [Fact]
    public async Task The_key_is_made_at_the_first_start_and_is_for_its_owner_alone()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(1);
        var key = await File.ReadAllTextAsync(storage.Key, Cancelled);
        Assert.Equal(32, Convert.FromBase64String(key.Trim()).Length);

        await storage.WriteAsync(1);
        Assert.Equal(key, await File.ReadAllTextAsync(storage.Key, Cancelled));
        if (OperatingSystem.IsWindows())
        {
            // There are no file modes there: the key is as safe as its folder.
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(storage.Key));

        File.SetUnixFileMode(storage.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await TamperingTests.ExpectNoStartAsync(storage, "chmod 600");
        Assert.Equal(2, (await storage.VerifyAsync()).Code);
    }

    [Fact]
    public async Task A_key_of_the_configuration_is_in_no_file()
    {
        using var storage = new LogStorage();
        var key = Convert.ToBase64String(Enumerable.Range(1, 32).Select(number => (byte)number).ToArray());

        await storage.WriteAsync(2, ("AccessLog:Key", key));

        Assert.False(File.Exists(storage.Key));
        Assert.DoesNotContain(storage.Files(), file => File.ReadAllText(file.FullName).Contains(key, StringComparison.Ordinal));
        Assert.Equal(2, (await storage.VerifyAsync()).Code);
        var verified = await ApiProcess.RunAsync(["verify-log", "--storage", storage.Path], Cancelled, ("AccessLog__Key", key));
        Assert.True(verified.Code == 0, verified.Errors);
    }

    [Fact]
    public async Task A_log_without_a_chain_is_taken_over_and_what_an_older_version_writes_later_too()
    {
        using var storage = new LogStorage();
        WriteAsBefore(storage, 2500);

        await storage.WriteAsync(5);

        // A record before each thousand says where they are from.
        await storage.ExpectWholeAsync(2500 + 3 + 5);
        using (var documents = storage.OpenDocuments())
        {
            Assert.Equal(0, LogStorage.Scalar(documents, "SELECT COUNT(*) FROM access_log"));
        }

        WriteAsBefore(storage, 10);
        await using var zone = await ApiZone.StartAsync(storage: storage.Path);
        using var response = await zone.GetAsync("/api/logs/stats", zone.Gateway.AddPerson("Major"));
        Assert.Equal(2515, (int)(await ApiZone.ReadAsync(response, 200))["total"]!);
        var rows = await zone.LogAsync();
        Assert.Equal(10, rows.Take(11).Count(row => row.Reason == "as before"));
        await zone.StopAsync();
        await storage.ExpectWholeAsync(2500 + 3 + 5 + 10 + 1 + 1);
    }

    [Fact]
    public async Task A_log_that_was_taken_over_half_way_is_taken_over_from_there()
    {
        using var storage = new LogStorage();
        WriteAsBefore(storage, 1500);
        await storage.WriteAsync(0);
        await storage.ExpectWholeAsync(1502);

        // The process ended before the rows among the documents were gone.
        using (var documents = storage.OpenDocuments())
        {
            WriteRows(documents, 1001, 1500);
            WriteRows(documents, 1501, 1600);
        }

        await storage.WriteAsync(0);
        await storage.ExpectWholeAsync(1502 + 101);
    }

    [Theory]
    [InlineData("AccessLog:Key", "too short", "openssl rand -base64 32")]
    [InlineData("AccessLog:Key", "YWJj", "openssl rand -base64 32")]
    [InlineData("AccessLog:SegmentBytes", "1000", "Raise it")]
    [InlineData("AccessLog:SegmentBytes", "much", "Write a number")]
    [InlineData("AccessLog:SegmentAge", "00:00:01", "Raise it")]
    [InlineData("AccessLog:SegmentAge", "a month", "Write a number")]
    [InlineData("AccessLog:Retention", "00:00:00", "leave it out")]
    [InlineData("AccessLog:Retention", "-1", "leave it out")]
    [InlineData("AccessLog:MaximumSegments", "1", "leave it out")]
    [InlineData("AccessLog:MaximumSegments", "two", "Write a number")]
    [InlineData("AccessLog:BeginAnew", "perhaps", "Write a number")]
    public void A_setting_that_cannot_be_stops_the_start_and_says_what_to_do(string key, string value, string remedy)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            ApiZone.Create("http://localhost:4455", ":memory:", builder => builder.Configuration.AddInMemoryCollection([new(key, value)])));

        var message = Assert.Single(failure.Failures);
        Assert.Contains(key, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    private static async Task<long> CountAsync(LogStorage storage, ApiZone zone)
    {
        await zone.Services.GetRequiredService<AccessLogWriter>().FlushAsync(Cancelled);
        using var connection = storage.OpenSegment(storage.Segments()[^1]);
        var newest = LogStorage.Scalar(connection, "SELECT max(id) FROM access_log");

        // Each removed segment left a record of its own.
        return newest - storage.Segments()[0] + 1;
    }

    /// <summary>Writes rows as the version did that had no chain.</summary>
    private static void WriteAsBefore(LogStorage storage, int rows)
    {
        using var connection = storage.OpenDocuments();
        LogStorage.Execute(
            connection,
            """
            CREATE TABLE IF NOT EXISTS access_log (
                row INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, route TEXT NOT NULL,
                status INTEGER NOT NULL, milliseconds REAL NOT NULL, authentication TEXT, subject TEXT, client_id TEXT, rank TEXT,
                required TEXT NOT NULL, allowed INTEGER NOT NULL, reason TEXT NOT NULL, trace_id TEXT NOT NULL) STRICT
            """);
        LogStorage.Execute(
            connection,
            $"""
            WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {rows})
            INSERT INTO access_log (time, method, path, route, status, milliseconds, subject, required, allowed, reason, trace_id)
            SELECT 1700000000000 + number, 'GET', '/api/me', '/api/me', 200, number / 7.0, 'Ä' || number, 'any caller', 1, 'as before', number FROM numbers
            """);
    }

    private static void WriteRows(Microsoft.Data.Sqlite.SqliteConnection connection, int first, int last) => LogStorage.Execute(
        connection,
        $"""
        WITH RECURSIVE numbers(number) AS (SELECT {first} UNION ALL SELECT number + 1 FROM numbers WHERE number < {last})
        INSERT INTO access_log (row, time, method, path, route, status, milliseconds, subject, required, allowed, reason, trace_id)
        SELECT number, 1700000000000, 'GET', '/api/me', '/api/me', 200, 1, '', 'any caller', 1, 'as before', number FROM numbers
        """);
}
