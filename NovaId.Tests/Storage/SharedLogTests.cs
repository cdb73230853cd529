using Microsoft.Extensions.DependencyInjection;
using NovaId.Api.AccessLog;
using NovaId.Tests.Api;
using NovaId.Tests.Audit;
using Npgsql;

namespace NovaId.Tests.Storage;

/// <summary>The access log in PostgreSQL, to which several instances write: somebody owns the tables, but has not the key.</summary>
public sealed class SharedLogTests(PostgresServer server, SharedLogTests.TwelveDecisions twelve) : IClassFixture<SharedLogTests.TwelveDecisions>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, long, string> Alterations { get; } = new()
    {
        { "UPDATE access_log SET subject = 'somebody else' WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET milliseconds = milliseconds + 0.001 WHERE id = 5", 5, "is not what was sealed" },
        { "UPDATE access_log SET allowed = 1 - allowed WHERE id = 12", 12, "is not what was sealed" },
        { "DELETE FROM access_log WHERE id BETWEEN 5 AND 7", 5, "up to 7" },
        { "DELETE FROM access_log WHERE id > 9", 10, "up to 12" },
        { "DELETE FROM access_log WHERE id = 5; UPDATE access_log SET id = 5 WHERE id = 12", 5, "does not follow" },
        { "INSERT INTO access_log SELECT 13, kind, time, method, path, route, status, milliseconds, authentication, subject, client_id, rank, required, allowed, reason, trace_id, detail, previous, hash FROM access_log WHERE id = 7", 13, "does not follow" },
        { "UPDATE head SET last = 9", 13, "was changed, or sealed with another key" },
        { "DELETE FROM head", 13, "has no head" },
        { "DROP TABLE head", 1, "cannot be read" },
        { "DROP SCHEMA novaid_log_000001 CASCADE", 1, "the database knows that there was a log" },
        { "ALTER SCHEMA novaid_log_000001 RENAME TO novaid_log_000002", 1, "the file of segment 2 holds segment 1" },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    public async Task What_is_done_to_the_records_is_found_and_the_first_broken_one_is_named(string sql, long record, string problem)
    {
        var database = await server.CreateDatabaseAsync(await twelve.CreateAsync(server));

        await database.TamperAsync(1, sql);

        await database.ExpectBrokenAsync(record, problem);
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_what_is_written()
    {
        var database = await server.CreateDatabaseAsync(await twelve.CreateAsync(server));
        foreach (var sql in (string[])
            [
                "UPDATE novaid_log_000001.access_log SET reason = 'another'",
                "DELETE FROM novaid_log_000001.access_log",
                "TRUNCATE novaid_log_000001.access_log",
                "INSERT INTO novaid_log_000001.access_log SELECT 0, kind, time, method, path, route, status, milliseconds, authentication, subject, client_id, rank, required, allowed, reason, trace_id, detail, previous, hash FROM novaid_log_000001.access_log WHERE id = 7",
            ])
        {
            var failure = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(sql));
            Assert.Contains("append-only", failure.Message, StringComparison.Ordinal);
        }

        await database.ExpectWholeAsync(12);
    }

    [Fact]
    public async Task The_command_says_by_its_exit_code_what_it_found()
    {
        var database = await twelve.CreateAsync(server);
        var whole = await database.VerifyAsync();
        Assert.Equal((0, ""), (whole.Code, whole.Errors));
        Assert.StartsWith("The access log is whole: 12 records from 1 on, in 1 segments.\nHead: 12:", whole.Output, StringComparison.Ordinal);
        var known = whole.Output.Split("Head: ")[1].Trim();
        Assert.Equal(0, (await database.VerifyAsync("--known-head", known)).Code);
        Assert.Equal(1, (await database.VerifyAsync("--known-head", $"13:{known.Split(':')[1]}")).Code);

        foreach (var (settings, error) in ((string, string)[])
            [
                (database.ConnectionString + ";Password=another", "refuses the role"),
                ((await server.CreateDatabaseAsync()).ConnectionString, "There is no access log"),
            ])
        {
            var unknown = await ApiProcess.RunAsync(
                ["verify-log"], Cancelled, ("Storage__ConnectionString", settings), ("AccessLog__Key", PostgresTestDatabase.Key));
            Assert.Equal(2, unknown.Code);
            Assert.Contains(error, unknown.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", unknown.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_instance_with_another_key_writes_nothing_and_says_so()
    {
        var database = await server.CreateDatabaseAsync(await twelve.CreateAsync(server));
        await using var zone = await database.StartUnreadyAsync(
            settings: ("AccessLog:Key", Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray())));

        await UntilAsync(async () => (await HealthAsync(zone)).Contains("sealed with another key than this one", StringComparison.Ordinal));

        using var refused = await zone.GetAsync("/api/me", zone.Gateway.AddPerson());
        await ApiZone.AssertStatusAsync(refused, 503);
        await database.ExpectWholeAsync(12);
    }

    [Fact]
    public async Task Instances_write_one_chain_over_many_segments_while_it_is_read_and_checked()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        var major = gateway.AddPerson("Major");
        var zones = new List<ApiZone>();
        try
        {
            for (var instance = 0; instance < 3; instance++)
            {
                zones.Add(await database.StartAsync(
                    gateway, settings: [LogSettings.SmallSegments, ("Limits:CallerBurst", "100000"), ("Limits:CallerPerSecond", "100000")]));
            }

            const int EachWrites = 200;
            var writing = Task.WhenAll(zones.Select(async zone =>
            {
                for (var count = 0; count < EachWrites; count++)
                {
                    using var answer = await zone.GetAsync("/api/me", major);
                    Assert.Equal(200, (int)answer.StatusCode);
                    if (count % 10 == 0)
                    {
                        // A batch of its own, so that the instances take turns often.
                        await zone.Services.GetRequiredService<AccessLogWriter>().FlushAsync(Cancelled);
                    }
                }
            }));
            var reads = 0;
            do
            {
                using var check = await zones[reads % 3].GetAsync("/api/logs/verify", major);
                var verification = await ApiZone.ReadAsync(check, 200);
                Assert.True((bool)verification["valid"]!, verification.ToJsonString());
                using var stats = await zones[(reads + 1) % 3].GetAsync("/api/logs/stats", major);
                await ApiZone.ReadAsync(stats, 200);
                reads++;
            }
            while (!writing.IsCompleted);
            await writing;

            // What one has answered is there for whoever asks any other, once it is written.
            await Task.WhenAll(zones.Select(zone => zone.Services.GetRequiredService<AccessLogWriter>().FlushAsync(Cancelled)));
            foreach (var zone in zones)
            {
                using var stats = await zone.GetAsync("/api/logs/stats", major);
                Assert.Equal(3 * EachWrites, (int)(await ApiZone.ReadAsync(stats, 200))["byPath"]!["/api/me/"]!);
            }

            var listed = new List<long>();
            string? token = null;
            for (var page = 0; page == 0 || token is not null; page++)
            {
                // Every page from another instance.
                using var response = await zones[page % 3].GetAsync($"/api/logs?pageSize=100{(token is null ? "" : $"&pageToken={token}")}", major);
                var read = await ApiZone.ReadAsync(response, 200);
                listed.AddRange(read["items"]!.AsArray().Select(item => (long)item!["id"]!));
                token = (string?)read["nextPageToken"];
            }

            Assert.Equal(listed.Count, listed.Distinct().Count());
            Assert.Equal(1, listed[^1]);
            Assert.Equal(listed[0], listed.Count);
        }
        finally
        {
            foreach (var zone in zones)
            {
                await zone.StopAsync();
                await zone.DisposeAsync();
            }
        }

        await database.ExpectWholeAsync();
        Assert.True(await database.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'novaid_log_%'") > 1);
    }

    [Fact]
    public async Task Old_segments_are_removed_under_all_instances()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        var major = gateway.AddPerson("Major");
        (string, string)[] settings = [LogSettings.SmallSegments, ("AccessLog:MaximumSegments", "2"), ("Limits:CallerBurst", "100000")];
        await using var one = await database.StartAsync(gateway, settings: settings);
        await using var other = await database.StartAsync(gateway, settings: settings);
        for (var round = 0; await database.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'novaid_log_000001'") > 0; round++)
        {
            Assert.True(round < 200);
            for (var count = 0; count < 5; count++)
            {
                (await (round % 2 == 0 ? one : other).GetAsync("/api/me", major)).Dispose();
            }

            using var list = await other.GetAsync("/api/logs?pageSize=100", major);
            Assert.Equal(200, (int)list.StatusCode);
        }

        using var check = await one.GetAsync("/api/logs/verify", major);
        var verification = await ApiZone.ReadAsync(check, 200);
        Assert.True((bool)verification["valid"]!, verification.ToJsonString());
        Assert.True((long)verification["completeFrom"]! > 1);
    }

    [Fact]
    public async Task A_database_that_was_put_back_stops_every_instance_that_has_seen_more_and_the_head_file_tells_a_new_one()
    {
        var folder = Directory.CreateTempSubdirectory("novaid-head-");
        try
        {
            var database = await server.CreateDatabaseAsync();
            (string, string) headFile = ("AccessLog:HeadFile", Path.Combine(folder.FullName, "head"));
            await using (var zone = await database.StartAsync(settings: headFile))
            {
                var person = zone.Gateway.AddPerson();
                (await zone.GetAsync("/api/me", person)).Dispose();
                await zone.LogAsync();
                await database.ExecuteAsync("CREATE TABLE public.kept AS SELECT * FROM novaid_log_000001.head");
                (await zone.GetAsync("/api/me", person)).Dispose();
                await zone.LogAsync();
                await database.TamperAsync(
                    1,
                    "DELETE FROM access_log WHERE id > 1; UPDATE head SET last = kept.last, hash = kept.hash, seal = kept.seal FROM public.kept");
                await database.ExpectWholeAsync(1);

                (await zone.GetAsync("/api/me", person)).Dispose();

                await UntilAsync(async () => (await HealthAsync(zone)).Contains("this instance knows record 2, and the last one that is there is 1", StringComparison.Ordinal));
                using var refused = await zone.GetAsync("/api/me", person);
                Assert.Equal("access log", (string?)(await ApiZone.AssertStatusAsync(refused, 503))!["service"]);
            }

            await database.ExpectWholeAsync(1);
            await using var again = await database.StartUnreadyAsync(settings: headFile);
            await UntilAsync(async () => (await HealthAsync(again)).Contains("the head file knows record 2", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> HealthAsync(ApiZone zone)
    {
        using var health = await zone.Http.GetAsync("/health", Cancelled);
        return await health.Content.ReadAsStringAsync(Cancelled);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public sealed class TwelveDecisions : IDisposable
    {
        private readonly SemaphoreSlim _lock = new(1, 1);
        private PostgresTestDatabase? _database;

        public void Dispose() => _lock.Dispose();

        /// <summary>A database with a log of twelve decisions, to be copied.</summary>
        internal async Task<PostgresTestDatabase> CreateAsync(PostgresServer server)
        {
            await _lock.WaitAsync(Cancelled);
            try
            {
                if (_database is null)
                {
                    var database = await server.CreateDatabaseAsync();
                    await using (var zone = await database.StartAsync())
                    {
                        await LogStorage.WriteAsync(zone, 12);
                        await zone.StopAsync();
                    }

                    await database.EndSessionsAsync();
                    _database = database;
                }

                return _database;
            }
            finally
            {
                _lock.Release();
            }
        }
    }
}
