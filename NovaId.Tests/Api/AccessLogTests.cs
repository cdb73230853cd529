using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NovaId.Api.AccessLog;
using NovaId.Api.Configuration;
using NovaId.Api.Storage;
using NovaId.Tests.Audit;

namespace NovaId.Tests.Api;

public sealed class AccessLogTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_decision_has_a_row_by_the_time_its_answer_is_there()
    {
        await using var zone = await ApiZone.StartAsync();
        var major = zone.Gateway.AddPerson("Major");
        var token = zone.Gateway.AddAccessToken(major.ToString(), "an-app", "novaid.read");
        (await zone.GetAsync("/api/users", major)).Dispose();
        (await zone.GetAsync($"/api/users/{Guid.NewGuid()}", major)).Dispose();
        (await zone.SendAsync(HttpMethod.Patch, $"/api/users/{major}?x=secret", major, """{"state":"inactive"}""")).Dispose();
        (await zone.SendAsync(HttpMethod.Get, "/api/me", idToken: null)).Dispose();
        (await zone.SendWithAccessTokenAsync(HttpMethod.Post, "/api/documents", major.ToString(), "an-app", token, "{}")).Dispose();
        (await zone.GetAsync("/api/documents/nonsense", major)).Dispose();
        (await zone.SendAsync(HttpMethod.Get, "/api/health", idToken: null)).Dispose();

        using var response = await zone.GetAsync("/api/logs", major);

        var rows = (await ApiZone.ReadAsync(response, 200))["items"]!.AsArray().Select(row => row!.AsObject()).Reverse().ToList();
        Assert.Equal(
            [
                "id", "time", "method", "path", "status", "milliseconds", "authentication", "subject", "clientId", "rank", "required", "allowed",
                "reason", "traceId",
            ],
            rows[0].Select(member => member.Key));
        Assert.Equal(
            [
                $"GET /api/users 200 True session {major} - Major capability users.view: has capability users.view",
                "GET /api/users/ID 404 True session " + major + " - Major capability users.view: has capability users.view",
                $"PATCH /api/users/ID 403 False session {major} - Major capability users.deactivate: has not capability users.deactivate",
                "GET /api/me 401 False - - - - any caller: no id_token",
                $"POST /api/documents 403 False oauth2 {major} an-app Major scope novaid.write: the token lacks the scope novaid.write",
                $"GET /api/documents/{{id}} 400 False session {major} - - Document view: malformed request",
            ],
            rows.Select(row => $"{row["method"]} {Path((string)row["path"]!)} {row["status"]} {row["allowed"]!.GetValue<bool>()} "
                + $"{row["authentication"] ?? "-"} {row["subject"] ?? "-"} {row["clientId"] ?? "-"} {row["rank"] ?? "-"} {row["required"]}: {row["reason"]}"));
        Assert.All(rows, row => Assert.InRange((double)row["milliseconds"]!, 0, 60_000));
        Assert.Equal(rows.Count, rows.Select(row => (string?)row["traceId"]).Distinct().Count());
        Assert.DoesNotContain(rows, row => row.ToJsonString().Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row => row.ToJsonString().Contains(token, StringComparison.Ordinal));

        static string Path(string path) => Guid.TryParse(path[(path.LastIndexOf('/') + 1)..], out _) ? path[..path.LastIndexOf('/')] + "/ID" : path;
    }

    [Fact]
    public async Task The_log_is_filtered_paged_and_counted()
    {
        await using var zone = await ApiZone.StartAsync();
        var major = zone.Gateway.AddPerson("Major");
        var other = zone.Gateway.AddPerson();
        for (var number = 0; number < 4; number++)
        {
            (await zone.GetAsync("/api/users", other)).Dispose();
            (await zone.GetAsync($"/api/users/{other}", major)).Dispose();
        }

        using var denied = await zone.GetAsync("/api/logs?allowed=false", major);
        Assert.All((await ApiZone.ReadAsync(denied, 200))["items"]!.AsArray(), row => Assert.Equal(other.ToString(), (string?)row!["subject"]));
        using var ofOther = await zone.GetAsync($"/api/logs?subject={other}", major);
        Assert.Equal(4, (await ApiZone.ReadAsync(ofOther, 200))["items"]!.AsArray().Count);
        using var ofUser = await zone.GetAsync($"/api/logs/users/{other}?pageSize=3", major);
        var page = await ApiZone.ReadAsync(ofUser, 200);
        Assert.Equal(3, page["items"]!.AsArray().Count);
        using var rest = await zone.GetAsync($"/api/logs/users/{other}?pageSize=3&pageToken={page["nextPageToken"]}", major);
        var last = await ApiZone.ReadAsync(rest, 200);
        Assert.True((long)Assert.Single(last["items"]!.AsArray())!["id"]! < (long)page["items"]![2]!["id"]!);
        Assert.Null(last["nextPageToken"]);

        using var stats = await zone.GetAsync("/api/logs/stats", major);
        var figures = await ApiZone.ReadAsync(stats, 200);
        Assert.Equal((12, 8, 4), ((int)figures["total"]!, (int)figures["allowed"]!, (int)figures["denied"]!));
        Assert.Equal("""{"200":8,"403":4}""", figures["byStatus"]!.ToJsonString());
        Assert.Equal(4, (int)figures["byPath"]!["/api/users/{id}"]!);
        using var refused = await zone.GetAsync("/api/logs/stats", other);
        await ApiZone.AssertStatusAsync(refused, 403);
    }

    [Fact]
    public async Task Rows_survive_the_end_of_the_program()
    {
        using var storage = new LogStorage();
        await using (var zone = await ApiZone.StartAsync(storage: storage.Path))
        {
            var person = zone.Gateway.AddPerson();
            await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ => (await zone.GetAsync("/api/me", person)).Dispose()));
            await zone.StopAsync();
        }

        await using var again = await ApiZone.StartAsync(storage: storage.Path);
        Assert.Equal(200, (await again.LogAsync()).Count);
    }

    [Fact]
    public async Task A_full_queue_makes_writers_wait_and_loses_nothing()
    {
        const int Capacity = 4096;
        await using var database = SqliteDatabase.Open(SqliteDatabase.InMemory, "");
        await using var store = new AccessLogStore(
            database, Options.Create(new AccessLogOptions()), TimeProvider.System, NullLogger<AccessLogStore>.Instance);
        using var writer = new AccessLogWriter(store, NullLogger<AccessLogWriter>.Instance);
        for (var number = 0; number < Capacity; number++)
        {
            Assert.True(await writer.HasRoomAsync(Cancelled));
            await writer.WriteAsync(Row());
        }

        var waiting = writer.WriteAsync(Row()).AsTask();
        Assert.False(await writer.HasRoomAsync(Cancelled));
        Assert.False(waiting.IsCompleted);

        await writer.StartAsync(Cancelled);
        await waiting;
        await writer.FlushAsync(Cancelled);
        Assert.Equal(Capacity + 1, (await store.CountAsync(Cancelled)).Total);
        await writer.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Nothing_is_decided_that_cannot_be_written_down()
    {
        using var storage = new LogStorage();
        await using var zone = await ApiZone.StartAsync(storage: storage.Path);
        var general = zone.Gateway.AddPerson("General");
        var writer = zone.Services.GetRequiredService<AccessLogWriter>();
        await using var connection = storage.OpenSegment(1);
        await using var held = connection.BeginTransaction();
        var filling = Task.Run(
            async () =>
            {
                for (var number = 0; number < 5000; number++)
                {
                    await writer.WriteAsync(Row());
                }
            },
            Cancelled);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (await writer.HasRoomAsync(limit.Token))
        {
            await Task.Delay(10, limit.Token);
        }


        var answering = zone.GetAsync("/api/me", general);
        await Task.WhenAny(answering, Task.Delay(TimeSpan.FromSeconds(4), Cancelled));
        Assert.Empty(zone.Gateway.ServiceCalls);
        await held.RollbackAsync(Cancelled);
        using var refused = await answering;

        Assert.Equal("access log", (string?)(await ApiZone.AssertStatusAsync(refused, 503))!["service"]);
        await filling;
    }

    [Fact]
    public async Task Every_decision_is_counted()
    {
        var counted = new Dictionary<string, long>();
        var durations = 0;
        await using var zone = await ApiZone.StartAsync();
        var meters = zone.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "NovaId.Api" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var of = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!);
            lock (counted)
            {
                var key = $"{of["outcome"]}: {of["required"]}";
                counted[key] = counted.GetValueOrDefault(key) + count;
            }
        });
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref durations));
        listener.Start();
        var sergeant = zone.Gateway.AddPerson("Sergeant");

        (await zone.GetAsync("/api/users", sergeant)).Dispose();
        (await zone.GetAsync("/api/logs", sergeant)).Dispose();
        (await zone.SendAsync(HttpMethod.Get, "/api/me", "nonsense")).Dispose();
        zone.Gateway.Intercept = http =>
        {
            http.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        (await zone.GetAsync("/api/me", sergeant)).Dispose();

        Assert.Equal(
            ["allowed: capability users.view 1", "denied: capability logs.view 1", "unauthenticated: any caller 1", "unavailable: any caller 1"],
            counted.Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(4, durations);
    }

    [Fact]
    public async Task Every_decision_is_a_structured_log_record_without_secrets()
    {
        var records = new List<(string Message, IReadOnlyList<KeyValuePair<string, object?>> Values)>();
        await using var zone = await ApiZone.StartAsync(builder => builder.Logging.AddProvider(new CapturingLoggerProvider(records)));
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        var accessToken = zone.Gateway.AddAccessToken(sergeant.ToString(), "an-app");

        (await zone.SendWithAccessTokenAsync(HttpMethod.Get, "/api/logs", sergeant.ToString(), "an-app", accessToken)).Dispose();

        lock (records)
        {
            var (message, values) = Assert.Single(records, record => record.Message.StartsWith("Decision", StringComparison.Ordinal));
            var of = values.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
            Assert.Equal("denied", of["Outcome"]);
            Assert.Equal(sergeant.ToString(), of["Subject"]);
            Assert.Equal("capability logs.view", of["Required"]);
            Assert.Equal("Sergeant", of["Rank"]);
            Assert.Equal(403, of["Status"]);
            Assert.DoesNotContain(records, record => record.Message.Contains(accessToken, StringComparison.Ordinal));
            Assert.DoesNotContain(records, record => record.Message.Contains("service-token", StringComparison.Ordinal));
            Assert.DoesNotContain(records, record => record.Message.Contains(TestGateway.ClientSecret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_decision_is_recorded_before_its_answer_leaves()
    {
        var records = new List<(string Message, IReadOnlyList<KeyValuePair<string, object?>> Values)>();
        await using var zone = await ApiZone.StartAsync(builder =>
            builder.Logging.AddProvider(new CapturingLoggerProvider(records, TimeSpan.FromMilliseconds(500))));

        var claims = zone.Gateway.SessionClaims(zone.Gateway.AddPerson().ToString());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/ranks");
        request.Headers.Authorization = new("Bearer", zone.Gateway.Sign(claims));

        // The headers alone: the end of the answer comes after everything else in any case.
        using var response = await zone.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        lock (records)
        {
            Assert.Single(records, record => record.Message.StartsWith("Decision allowed", StringComparison.Ordinal));
        }
    }

    private static AccessLogRow Row() => new()
    {
        Time = DateTimeOffset.UtcNow,
        Method = "GET",
        Path = "/api/me",
        Route = "/api/me",
        Status = 200,
        Milliseconds = 1,
        Authentication = null,
        Subject = null,
        ClientId = null,
        Rank = null,
        Required = "any caller",
        Allowed = true,
        Reason = "a test",
        TraceId = "0",
    };

    private sealed class CapturingLoggerProvider(
        List<(string, IReadOnlyList<KeyValuePair<string, object?>>)> records,
        TimeSpan delay = default) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            if (message.StartsWith("Decision", StringComparison.Ordinal))
            {
                Thread.Sleep(delay);
            }

            lock (records)
            {
                records.Add((message, state is IReadOnlyList<KeyValuePair<string, object?>> values ? [.. values] : []));
            }
        }

        public void Dispose()
        {
        }
    }
}
