using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using NovaId.Tests.Api;

namespace NovaId.Tests.Storage;

/// <summary>A PostgreSQL database that cannot be used is named, and nothing is answered until it can.</summary>
public sealed class SharedStorageTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Faults { get; } = new()
    {
        { "UPDATE novaid.schema_version SET version = 99", "has schema version 99, and this program knows 1: a newer one was at work. Start that one" },
        { "UPDATE novaid.schema_version SET version = -1", "is half made: its schema version is none that a program writes" },
        { "DELETE FROM novaid.schema_version", "is half made: its schema version is none that a program writes" },
        { "DROP TABLE novaid.schema_version", "is half made: it holds tables of NovaId and no version of them" },
        { "DROP SCHEMA novaid CASCADE", "is half made: it holds tables of NovaId and no version of them" },
        { "ALTER TABLE novaid.documents DROP COLUMN updated_at", "is half made: novaid.documents.updated_at is missing. Put it back from a backup" },
        { "DROP TABLE novaid.documents", "is half made: novaid.documents.content is missing" },
        { "DROP SCHEMA novaid_log_000001 CASCADE", "The access log is gone: there is no segment at the schema novaid_log_000001" },
        { "UPDATE novaid_log_000001.head SET last = last - 1", "the head of segment 1 was changed, or sealed with another key" },
        { "ALTER SCHEMA novaid OWNER TO owner; ALTER TABLE novaid.schema_version OWNER TO owner", "may not do what it must: permission denied" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_is_wrong_with_the_database_is_named_and_nothing_is_answered(string sql, string problem)
    {
        var database = await server.CreateDatabaseAsync();
        await using (var zone = await database.StartAsync())
        {
            (await zone.GetAsync("/api/me", zone.Gateway.AddPerson())).Dispose();
            await zone.LogAsync();
        }

        await database.ExecuteAsync(sql);
        await using var after = await database.StartUnreadyAsync();

        await ExpectUnreadyAsync(after, problem);
    }

    [Fact]
    public async Task An_instance_that_starts_before_its_database_is_there_becomes_ready_once_it_is()
    {
        var database = await server.CreateDatabaseAsync();
        await database.CloseAsync();
        await using var zone = await database.StartUnreadyAsync();
        await ExpectUnreadyAsync(zone, "storage: The database of Storage:ConnectionString answers with an error");

        await database.OpenAsync();
        await zone.WaitUntilReadyAsync();

        using var answer = await zone.GetAsync("/api/me", zone.Gateway.AddPerson());
        await ApiZone.AssertStatusAsync(answer, 200);
    }

    [Fact]
    public async Task A_server_that_is_not_there_and_a_role_that_is_refused_are_named()
    {
        var database = await server.CreateDatabaseAsync();
        var nobody = new PostgresTestDatabase("none", database.ConnectionString.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal), "");
        var wrong = new PostgresTestDatabase("none", database.ConnectionString + ";Password=another", "");
        var missing = new PostgresTestDatabase("none", database.ConnectionString + ";Database=no_such_database", "");
        foreach (var (settings, problem) in ((PostgresTestDatabase, string)[])
            [
                (nobody, "does not answer. Start it, or correct Host and Port"),
                (wrong, "refuses the role of Storage:ConnectionString. Correct Username and Password"),
                (missing, "does not exist. Make it, with a role of its own"),
            ])
        {
            await using var zone = await settings.StartUnreadyAsync();
            await ExpectUnreadyAsync(zone, problem);
        }
    }

    [Fact]
    public async Task Many_that_start_at_once_make_the_tables_once()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        var zones = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => database.StartAsync(gateway)));
        try
        {
            var person = gateway.AddPerson();
            foreach (var zone in zones)
            {
                using var answer = await zone.GetAsync("/api/me", person);
                await ApiZone.AssertStatusAsync(answer, 200);
            }

            await zones[0].WaitUntilReadyAsync();
        }
        finally
        {
            foreach (var zone in zones)
            {
                await zone.DisposeAsync();
            }
        }

        await database.ExpectWholeAsync(5);
        Assert.Equal(1, await database.ScalarAsync<int>("SELECT version FROM novaid.schema_version"));
    }

    [Fact]
    public async Task Where_the_database_goes_away_nothing_is_decided_and_nothing_that_was_is_lost()
    {
        var database = await server.CreateDatabaseAsync();
        await using var zone = await database.StartAsync();
        var person = zone.Gateway.AddPerson();
        var document = await zone.AddDocumentAsync(person);

        await database.CloseAsync();
        var allowed = 1;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await zone.GetAsync("/api/me", person);
            if (!answer.IsSuccessStatusCode)
            {
                Assert.Equal("access log", (string?)(await ApiZone.AssertStatusAsync(answer, 503))!["service"]);
                break;
            }

            allowed++;
            await Task.Delay(20, limit.Token);
        }

        zone.Gateway.ForgetCalls();
        using (var changed = await zone.SendAsync(HttpMethod.Delete, $"/api/documents/{document}", person))
        {
            await ApiZone.AssertStatusAsync(changed, 503);
        }

        Assert.Empty(zone.Gateway.ServiceCalls);
        await ExpectUnreadyAsync(zone, "storage: ");
        await database.OpenAsync();
        await zone.WaitUntilReadyAsync();
        using (var read = await zone.GetAsync($"/api/documents/{document}", person))
        {
            await ApiZone.AssertStatusAsync(read, 200);
        }

        Assert.Equal(allowed + 1, (await zone.LogAsync()).Count(row => row.Allowed));
    }

    [Theory]
    [InlineData("novaid.db", "Host=db;Database=a;Username=a", "Storage:Path and Storage:ConnectionString are both set", "Leave Storage:Path out")]
    [InlineData("", "postgres://novaid:" + "the-secret@db/novaid", "is none that PostgreSQL's client reads", "Write it as Host=")]
    [InlineData("", "Host=db;Username=a;Password=the-secret", "names no Database", "Write it as Host=")]
    [InlineData("", "Host=db;Database=a;Username=a;Password=the-secret", "AccessLog:Key must be set", "openssl rand -base64 32")]
    [InlineData("", "", "Storage:Path must name", "Storage__ConnectionString")]
    public void A_setting_that_cannot_be_stops_the_start_and_says_what_to_do(string path, string connectionString, string problem, string remedy)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => ApiZone.Create(
            "http://localhost:4455",
            path,
            builder => builder.Configuration.AddInMemoryCollection(
            [
                new("Storage:ConnectionString", connectionString),
                new("AccessLog:Key", problem.StartsWith("AccessLog", StringComparison.Ordinal) ? "" : PostgresTestDatabase.Key),
            ])));

        var message = Assert.Single(failure.Failures);
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", message, StringComparison.Ordinal);
    }

    private static async Task ExpectUnreadyAsync(ApiZone zone, string problem)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        string text;
        do
        {
            using var health = await zone.Http.GetAsync("/health", limit.Token);
            Assert.Equal(503, (int)health.StatusCode);
            text = await health.Content.ReadAsStringAsync(limit.Token);
            await Task.Delay(20, limit.Token);
        }
        while (!text.Contains(problem, StringComparison.Ordinal) && text.Contains("is not open yet", StringComparison.Ordinal));

        Assert.Contains(problem, text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.", text, StringComparison.Ordinal);
        using var refused = await zone.GetAsync("/api/me", zone.Gateway.AddPerson());
        await ApiZone.AssertStatusAsync(refused, 503);
    }
}
