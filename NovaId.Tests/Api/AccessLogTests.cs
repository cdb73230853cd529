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
        var options = new AccessLogOptions();
        await using var store = new AccessLogStore(
            new FileLogPlace(options, database), Options.Create(options), TimeProvider.System, NullLogger<AccessLogStore>.Instance);
        await store.OpenAsync(Cancelled);
        using var writer = new AccessLogWriter(store, Options.Create(new LimitOptions()), NullLogger<AccessLogWriter>.Instance);
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
