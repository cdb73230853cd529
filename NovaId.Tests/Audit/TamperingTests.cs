using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Api.AccessLog;
using NovaId.Tests.Api;

namespace NovaId.Tests.Audit;

/// <summary>Somebody may write to the files, but has not the key.</summary>
public sealed class TamperingTests(TamperingTests.TwelveDecisions twelve) : IClassFixture<TamperingTests.TwelveDecisions>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, long, string> Alterations { get; } = new()
    {
        { "UPDATE access_log SET subject = 'somebody else' WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET allowed = 1 - allowed WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET time = time + 1 WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET milliseconds = milliseconds + 0.001 WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET rank = 'General' WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET kind = 'retention' WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET client_id = '' WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET method = method || substr(path, 1, 1), path = substr(path, 2) WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET subject = client_id, client_id = subject WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET hash = zeroblob(32) WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET previous = zeroblob(32) WHERE id = 5", 5, "does not follow" },
        { "UPDATE access_log SET method = NULL WHERE id = 1", 1, "is not what was sealed" },
        { "UPDATE access_log SET reason = 'another' WHERE id = 12", 12, "is not what was sealed" },
        { "DELETE FROM access_log WHERE id = 5", 5, "is missing" },
        { "DELETE FROM access_log WHERE id BETWEEN 5 AND 7", 5, "up to 7" },
        { "DELETE FROM access_log WHERE id = 1", 1, "is missing" },
        { "DELETE FROM access_log WHERE id > 9", 10, "up to 12" },
        { "DELETE FROM access_log", 1, "up to 12" },
        { "DELETE FROM access_log WHERE id = 5; UPDATE access_log SET id = id - 1 WHERE id > 5", 5, "does not follow" },
        { "DELETE FROM access_log WHERE id = 5; UPDATE access_log SET id = 5 WHERE id = 12", 5, "does not follow" },
        { "UPDATE access_log SET id = 100 WHERE id = 5; UPDATE access_log SET id = 5 WHERE id = 6; UPDATE access_log SET id = 6 WHERE id = 100", 5, "does not follow" },
        { "CREATE TABLE other AS SELECT * FROM access_log WHERE id = 7; UPDATE other SET id = 13; INSERT INTO access_log SELECT * FROM other", 13, "does not follow" },
        { "UPDATE access_log SET id = id + 1 WHERE id > 4 AND id = (SELECT max(id) FROM access_log); INSERT INTO access_log SELECT 12, kind, time, method, path, route, status, milliseconds, authentication, 'a ghost', client_id, rank, required, allowed, reason, trace_id, detail, previous, hash FROM access_log WHERE id = 11", 12, "does not follow" },
        { "UPDATE head SET last = 9", 13, "was changed, or sealed with another key" },
        { "DELETE FROM access_log WHERE id > 9; UPDATE head SET last = 9, hash = (SELECT hash FROM access_log WHERE id = 9)", 10, "was changed, or sealed with another key" },
        { "UPDATE head SET first = 5; DELETE FROM access_log WHERE id < 5", 1, "is missing" },
        { "DELETE FROM head", 13, "has no head" },
        { "DROP TABLE head", 1, "cannot be read" },
        { "DROP TABLE access_log", 1, "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    public async Task What_is_done_to_the_records_is_found_and_the_first_broken_one_is_named(string sql, long record, string problem)
    {
        using var storage = twelve.Storage.Copy();
        await storage.ExpectWholeAsync(12);

        storage.Tamper(1, sql);

        await storage.ExpectBrokenAsync(record, problem);
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_what_is_written()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(3);
        using var connection = storage.OpenSegment(1);

        foreach (var sql in (string[])
            [
                "UPDATE access_log SET reason = 'another'",
                "DELETE FROM access_log",
                "INSERT OR REPLACE INTO access_log SELECT * FROM access_log WHERE id = 2",
                "INSERT INTO access_log SELECT 0, kind, time, method, path, route, status, milliseconds, authentication, subject, client_id, rank, required, allowed, reason, trace_id, detail, previous, hash FROM access_log WHERE id = 2",
            ])
        {
            var failure = Assert.Throws<SqliteException>(() => LogStorage.Execute(connection, sql));
            Assert.Contains("append-only", failure.Message, StringComparison.Ordinal);
        }

        await storage.ExpectWholeAsync(3);
    }

    [Fact]
    public async Task A_log_that_was_put_back_to_an_earlier_state_is_found_and_not_continued()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(5);
        var earlier = await File.ReadAllBytesAsync(storage.Segment(1), Cancelled);
        await storage.WriteAsync(4);

        await File.WriteAllBytesAsync(storage.Segment(1), earlier, Cancelled);

        await storage.ExpectBrokenAsync(6, "the head file knows them");
        await ExpectNoStartAsync(storage, "the head file knows record 9, and the last one that is there is 5");
        Assert.Equal(earlier, await File.ReadAllBytesAsync(storage.Segment(1), Cancelled));
    }

    [Fact]
    public async Task A_log_whose_end_was_cut_off_is_not_continued()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(5);
        storage.Tamper(1, "DELETE FROM access_log WHERE id = 5");

        await ExpectNoStartAsync(storage, "segment 1 does not end as its head says, at record 5");
        await storage.ExpectBrokenAsync(5, "is missing");
    }

    [Fact]
    public async Task The_whole_log_gone_is_found_and_only_on_purpose_begun_anew()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(5);
        File.Delete(storage.Segment(1));
        await storage.ExpectBrokenAsync(1, "up to 5");
        await ExpectNoStartAsync(storage, "The access log is gone");

        File.Delete(storage.Head);
        File.Delete(storage.Key);
        Assert.Equal(2, (await storage.VerifyAsync()).Code);
        await ExpectNoStartAsync(storage, "AccessLog:BeginAnew=true");

        await storage.WriteAsync(2, ("AccessLog:BeginAnew", "true"));
        await storage.ExpectWholeAsync(2);
    }

    [Fact]
    public async Task A_head_file_that_is_gone_or_forged_is_found()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(5);
        var genuine = await File.ReadAllTextAsync(storage.Head, Cancelled);

        await File.WriteAllTextAsync(storage.Head, genuine.Replace("head 1 ", "head 2 ", StringComparison.Ordinal), Cancelled);
        await storage.ExpectBrokenAsync(6, "The head file of the access log");
        await ExpectNoStartAsync(storage, "was changed, or sealed with another key");
        File.Delete(storage.Head);
        await storage.ExpectBrokenAsync(6, "is missing");
        await ExpectNoStartAsync(storage, "is missing");

        await File.WriteAllTextAsync(storage.Head, genuine, Cancelled);
        await storage.ExpectWholeAsync(5);
    }

    [Fact]
    public async Task Another_key_seals_nothing_that_this_one_has_sealed()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(5);

        await File.WriteAllTextAsync(storage.Key, Convert.ToBase64String(new byte[32]), Cancelled);

        await storage.ExpectBrokenAsync(1, "is not what was sealed");
        await ExpectNoStartAsync(storage, "another key");
        File.Delete(storage.Key);
        Assert.Equal(2, (await storage.VerifyAsync()).Code);
        await ExpectNoStartAsync(storage, "The key of the access log is missing");
    }

    [Fact]
    public async Task A_log_rewritten_by_somebody_with_the_key_does_not_agree_with_a_head_that_was_kept_elsewhere()
    {
        using var storage = new LogStorage();
        await storage.WriteAsync(5);
        var (_, output, _) = await storage.VerifyAsync();
        var known = output.Split("Head: ")[1].Trim();
        File.Delete(storage.Segment(1));
        File.Delete(storage.Head);
        await storage.WriteAsync(7, ("AccessLog:BeginAnew", "true"));
        await storage.ExpectWholeAsync(7);

        var (code, rewritten, _) = await storage.VerifyAsync("--known-head", known);

        Assert.Equal(1, code);
        Assert.Contains("broken at record 5", rewritten, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_under_a_running_API_is_found_through_HTTP()
    {
        using var storage = new LogStorage();
        await using var zone = await ApiZone.StartAsync(storage: storage.Path);
        await LogStorage.WriteAsync(zone, 6);
        var major = zone.Gateway.AddPerson("Major");
        using var before = await zone.GetAsync("/api/logs/verify", major);
        var whole = await ApiZone.ReadAsync(before, 200);
        Assert.True((bool)whole["valid"]!);
        Assert.Equal(6, (int)whole["records"]!);
        Assert.Null(whole["firstBroken"]);

        storage.Tamper(1, "UPDATE access_log SET reason = 'another' WHERE id = 4");
        using var after = await zone.GetAsync("/api/logs/verify", major);
        var broken = await ApiZone.ReadAsync(after, 200);

        Assert.Equal(["valid", "records", "completeFrom", "firstBroken", "head", "segments"], broken.AsObject().Select(member => member.Key));
        Assert.False((bool)broken["valid"]!);
        Assert.Equal(3, (int)broken["records"]!);
        Assert.Equal(4, (int)broken["firstBroken"]!["id"]!);
        Assert.Contains("is not what was sealed", (string?)broken["firstBroken"]!["problem"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_cuts_the_log_under_a_running_API_stops_it()
    {
        using var storage = new LogStorage();
        await using var zone = await ApiZone.StartAsync(storage: storage.Path);
        await LogStorage.WriteAsync(zone, 6);
        await zone.LogAsync();
        storage.Tamper(1, "UPDATE head SET last = 4, hash = (SELECT hash FROM access_log WHERE id = 4); DELETE FROM access_log WHERE id > 4");

        var person = zone.Gateway.AddPerson();
        (await zone.GetAsync("/api/me", person)).Dispose();
        var writer = zone.Services.GetRequiredService<AccessLogWriter>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!writer.IsBroken)
        {
            await Task.Delay(10, limit.Token);
        }

        using var refused = await zone.GetAsync("/api/me", person);
        Assert.Equal("access log", (string?)(await ApiZone.AssertStatusAsync(refused, 503))!["service"]);
        using var health = await zone.SendAsync(HttpMethod.Get, "/health", idToken: null);
        Assert.Equal(503, (int)health.StatusCode);
        using var connection = storage.OpenSegment(1);
        Assert.Equal(4, LogStorage.Scalar(connection, "SELECT max(id) FROM access_log"));
    }

    [Fact]
    public async Task Who_may_not_see_the_log_may_not_check_it()
    {
        await using var zone = await ApiZone.StartAsync();

        using var refused = await zone.GetAsync("/api/logs/verify", zone.Gateway.AddPerson("Captain"));

        Assert.Equal("capability logs.view", (string?)(await ApiZone.AssertStatusAsync(refused, 403))!["required"]);
    }

    public sealed class TwelveDecisions : IAsyncLifetime
    {
        internal LogStorage Storage { get; } = new();

        public async ValueTask InitializeAsync() => await Storage.WriteAsync(12);

        public ValueTask DisposeAsync()
        {
            Storage.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    internal static async Task ExpectNoStartAsync(LogStorage storage, string reason)
    {
        var failure = await Assert.ThrowsAnyAsync<InvalidOperationException>(async () =>
        {
            await using var zone = await ApiZone.StartAsync(storage: storage.Path);
        });
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
