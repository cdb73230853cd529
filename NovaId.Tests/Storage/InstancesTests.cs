using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NovaId.Api.Http;
using NovaId.Api.Storage;
using NovaId.Contract.Drivers;
using NovaId.Emulator.Network;
using NovaId.Tests.Api;
using NovaId.Tests.Audit;

namespace NovaId.Tests.Storage;

/// <summary>Several instances of the API on one database.</summary>
public sealed class InstancesTests(PostgresServer server)
{
    private static readonly string[] RankNames = ["Private", "Corporal", "Sergeant", "Lieutenant", "Captain"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_instance_gave_out_any_other_takes()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        await using var one = await database.StartAsync(gateway);
        await using var other = await database.StartAsync(gateway);
        var person = gateway.AddPerson("Major");
        var documents = new List<string>();
        for (var count = 0; count < 4; count++)
        {
            documents.Insert(0, (await (count % 2 == 0 ? one : other).AddDocumentAsync(person)).ToString());
        }

        // What the other decided is in the log when it has written its batch.
        while ((await LogOfAsync(one, person)).Count(row => (string?)row!["method"] == "POST") < documents.Count)
        {
            await Task.Delay(20, Cancelled);
        }

        // The API's own page token, and one that it sealed for a service.
        foreach (var list in (string[])["/api/documents", "/api/logs"])
        {
            using var first = await one.GetAsync($"{list}?pageSize=2", person);
            var token = (string?)(await ApiZone.ReadAsync(first, 200))["nextPageToken"];
            Assert.NotNull(token);
            using var second = await other.GetAsync($"{list}?pageSize=2&pageToken={token}", person);
            Assert.Equal(2, (await ApiZone.ReadAsync(second, 200))["items"]!.AsArray().Count);
        }

        using var read = await one.GetAsync($"/api/documents/{documents[0]}", person);
        using var same = await other.SendAsync(
            HttpMethod.Get, $"/api/documents/{documents[0]}", gateway.Sign(gateway.SessionClaims(person.ToString())), configure: request =>
                request.Headers.IfNoneMatch.Add(read.Headers.ETag!));
        Assert.Equal(304, (int)same.StatusCode);

        // A key that one instance makes is known to the other, and taken away by it.
        using var made = await one.SendAsync(
            HttpMethod.Post, "/api/keys", person, """{"name":"a key","scopes":["novaid.read"],"capabilities":[]}""");
        var key = await ApiZone.ReadAsync(made, 201);
        using var removed = await other.SendAsync(HttpMethod.Delete, $"/api/keys/{key["id"]}", person);
        await ApiZone.AssertStatusAsync(removed, 204);
    }

    [Fact]
    public async Task Of_editors_at_different_instances_one_wins_and_the_others_hear_of_it()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        await using var one = await database.StartAsync(gateway);
        await using var other = await database.StartAsync(gateway);
        ApiZone[] zones = [one, other];
        var person = gateway.AddPerson();
        var path = $"/api/documents/{await one.AddDocumentAsync(person)}";
        for (var round = 0; round < 5; round++)
        {
            using var read = await zones[round % 2].GetAsync(path, person);
            var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async editor =>
            {
                using var changed = await zones[editor % 2].SendAsync(
                    HttpMethod.Put,
                    path,
                    gateway.Sign(gateway.SessionClaims(person.ToString())),
                    $$"""{"title":"of {{editor}}","content":"{{round}}"}""",
                    request => request.Headers.IfMatch.Add(read.Headers.ETag!));
                return (int)changed.StatusCode;
            }));
            Assert.Equal([200, .. Enumerable.Repeat(412, 7)], statuses.Order());
        }
    }

    [Fact]
    public async Task A_person_never_gets_two_ranks_from_two_instances()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        await using var one = await database.StartAsync(gateway);
        await using var other = await database.StartAsync(gateway);
        ApiZone[] zones = [one, other];
        var general = gateway.AddPerson("General");
        var person = gateway.AddPerson("Private");
        gateway.Delay = TimeSpan.FromMilliseconds(2);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(async count =>
        {
            using var changed = await zones[count % 2].SendAsync(
                HttpMethod.Put, $"/api/users/{person}/rank", general, $$"""{"rank":"{{RankNames[count % RankNames.Length]}}"}""");
            Assert.Single(gateway.RanksOf(person));
            return (int)changed.StatusCode;
        }));

        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task Whoever_loses_the_lock_changes_nothing()
    {
        var database = await server.CreateDatabaseAsync();
        await using var first = new PostgresDatabase(database.ConnectionString);
        await using var second = new PostgresDatabase(database.ConnectionString);
        await using var here = new KeyedLock(new PostgresLocks(first));
        await using var there = new KeyedLock(new PostgresLocks(second));

        await using var turn = await here.EnterAsync("person:1", Cancelled);
        await turn.ConfirmAsync();
        var waiting = there.EnterAsync("person:1", Cancelled);
        await using (await there.EnterAsync("person:2", Cancelled))
        {
            Assert.False(waiting.IsCompleted);
        }

        await database.EndSessionsAsync();
        var lost = await Assert.ThrowsAsync<RefusalException>(turn.ConfirmAsync);
        Assert.Equal(503, (int)lost.Refusal.Status);

        // The one that waited lost its session too: it says so at once, or has the lock in a new one, or had it for the moment between the
        // end of the first session and of its own.
        try
        {
            await using var next = await waiting;
            await next.ConfirmAsync();
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or RefusalException { Refusal.Status: HttpStatusCode.ServiceUnavailable })
        {
        }

        await using (var again = await there.EnterAsync("person:1", Cancelled))
        {
            await again.ConfirmAsync();
            await database.CloseAsync();
            await Assert.ThrowsAsync<RefusalException>(again.ConfirmAsync);
            await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => here.EnterAsync("person:3", Cancelled));
        }

        await database.OpenAsync();
        await turn.DisposeAsync();
        await using var anew = await here.EnterAsync("person:1", Cancelled);
        await anew.ConfirmAsync();
    }

    [Fact]
    public async Task Limits_are_divided_among_instances()
    {
        await using var zone = await ApiZone.StartAsync(LogSettings.Of(
            ("Limits:Instances", "3"), ("Limits:CallerPerSecond", "0.03"), ("Limits:CallerBurst", "9")));
        var person = zone.Gateway.AddPerson();
        var statuses = new List<int>();
        for (var count = 0; count < 5; count++)
        {
            using var answer = await zone.GetAsync("/api/me", person);
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal([200, 200, 200, 429, 429], statuses);
    }

    [Fact]
    public async Task An_instance_that_is_killed_takes_nothing_with_it_that_was_acknowledged()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        await using var robin = new RoundRobin();
        var instances = await StartAsync(database, gateway, robin, 3);
        try
        {
            var general = gateway.AddPerson("General");
            var people = Enumerable.Range(0, 3).Select(_ => gateway.AddPerson("Private")).ToList();
            var stranger = gateway.AddPerson();
            var hidden = await DocumentAsync(robin, gateway, general);
            var made = new ConcurrentQueue<(Guid Owner, string Document)>();
            var answered = 0;
            var unanswered = 0;
            using var stop = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 9).Select(caller => Task.Run(async () =>
            {
                for (var count = 0; !stop.IsCancellationRequested; count++)
                {
                    var owner = people[caller % people.Count];
                    try
                    {
                        switch (count % 4)
                        {
                            case 0:
                                if (await DocumentAsync(robin, gateway, owner) is { } document)
                                {
                                    made.Enqueue((owner, document));
                                }

                                break;
                            case 1:
                                using (var changed = await SendAsync(
                                    robin, gateway, HttpMethod.Put, $"/api/users/{owner}/rank", general, $$"""{"rank":"{{RankNames[count % RankNames.Length]}}"}"""))
                                {
                                    Assert.True((int)changed.StatusCode is 200 or 503, $"{(int)changed.StatusCode}");
                                }

                                break;
                            case 2:
                                using (var refused = await SendAsync(robin, gateway, HttpMethod.Get, $"/api/documents/{hidden}", stranger))
                                {
                                    Assert.True((int)refused.StatusCode is 403 or 503, $"{(int)refused.StatusCode}");
                                }

                                break;
                            default:
                                using (var read = await SendAsync(robin, gateway, HttpMethod.Get, "/api/me", owner))
                                {
                                    Assert.True((int)read.StatusCode is 200 or 503, $"{(int)read.StatusCode}");
                                }

                                break;
                        }

                        Interlocked.Increment(ref answered);
                    }
                    catch (HttpRequestException)
                    {
                        Interlocked.Increment(ref unanswered);
                    }
                }
            })).ToList();
            await UntilAsync(() => Volatile.Read(ref answered) > 150, callers);
            await instances[1].KillAsync();
            var before = Volatile.Read(ref answered);
            await UntilAsync(() => Volatile.Read(ref answered) > before + 150, callers);
            await stop.CancelAsync();
            await Task.WhenAll(callers);

            Assert.InRange(unanswered, 0, callers.Count);
            foreach (var (owner, document) in made)
            {
                using var read = await SendAsync(robin, gateway, HttpMethod.Get, $"/api/documents/{document}", owner);
                Assert.Equal(200, (int)read.StatusCode);
            }

            Assert.All(people, person => Assert.Single(gateway.RanksOf(person)));
            using var check = await SendAsync(robin, gateway, HttpMethod.Get, "/api/logs/verify", general);
            var verification = JsonNode.Parse(await check.Content.ReadAsStringAsync(Cancelled))!;
            Assert.True((bool)verification["valid"]!, verification.ToJsonString());

            // What was answered in the last moment of the one that was killed may be lost: at most a batch of each caller.
            var written = await database.ScalarAsync<long>("SELECT count(*) FROM novaid_log_000001.access_log");
            Assert.True(written >= answered - 256, $"{written} of {answered}");
        }
        finally
        {
            foreach (var instance in instances)
            {
                await instance.DisposeAsync();
            }
        }

        await database.ExpectWholeAsync();
    }

    [Fact]
    public async Task Instances_are_started_again_one_after_the_other_without_a_refused_request()
    {
        var database = await server.CreateDatabaseAsync();
        await using var gateway = await TestGateway.StartAsync();
        await using var robin = new RoundRobin();
        var instances = await StartAsync(database, gateway, robin, 2);
        try
        {
            var person = gateway.AddPerson();
            var pace = Pace.Of(new(gateway.Issuer));
            var answered = 0;
            using var stop = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var asked = DateTimeOffset.UtcNow;
                    using var read = await SendAsync(robin, gateway, HttpMethod.Get, "/api/me", person);
                    if (read.StatusCode == HttpStatusCode.ServiceUnavailable)
                    {
                        pace.SkipIfTooSlow(asked, "GET /api/me was answered 503 while an instance was started again");
                    }

                    Assert.Equal(200, (int)read.StatusCode);
                    Interlocked.Increment(ref answered);
                }
            })).ToList();
            for (var turn = 0; turn < 2; turn++)
            {
                var before = Volatile.Read(ref answered);
                await UntilAsync(() => Volatile.Read(ref answered) > before + 50, callers);
                Assert.Equal(0, await instances[turn].StopAsync(Cancelled));
                instances.AddRange(await StartAsync(database, gateway, robin, 1));
            }

            var last = Volatile.Read(ref answered);
            await UntilAsync(() => Volatile.Read(ref answered) > last + 50, callers);
            await stop.CancelAsync();
            await Task.WhenAll(callers);

            // Nothing that was answered is missing in the log: who stops in order writes it to the end.
            foreach (var instance in instances.Skip(2))
            {
                await instance.StopAsync(Cancelled);
            }

            await database.ExpectWholeAsync(answered);
        }
        finally
        {
            foreach (var instance in instances)
            {
                await instance.DisposeAsync();
            }
        }
    }

    private static async Task<JsonArray> LogOfAsync(ApiZone zone, Guid person)
    {
        using var log = await zone.GetAsync("/api/logs?pageSize=100", person);
        return (await ApiZone.ReadAsync(log, 200))["items"]!.AsArray();
    }

    private static async Task<List<ApiProcess>> StartAsync(PostgresTestDatabase database, TestGateway gateway, RoundRobin robin, int count)
    {
        var instances = await Task.WhenAll(LoopbackPorts.Take(count).Select(port => ApiProcess.StartAsync(
            port,
            Cancelled,
            [
                ("Gateway__Address", gateway.Issuer), ("Gateway__ClientSecret", TestGateway.ClientSecret),
                ("Limits__CallerPerSecond", "100000"), ("Limits__CallerBurst", "100000"), ("Shutdown__Delay", "00:00:03"), .. database.Environment,
            ])));
        foreach (var instance in instances)
        {
            await instance.WaitUntilReadyAsync(Cancelled);
            robin.Add(instance);
        }

        return [.. instances];
    }

    private static async Task<HttpResponseMessage> SendAsync(
        RoundRobin robin, TestGateway gateway, HttpMethod method, string path, Guid person, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Sign(gateway.SessionClaims(person.ToString())));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await robin.SendAsync(request, CancellationToken.None);
    }

    /// <summary>Makes a document; null if nobody could say whether it is allowed.</summary>
    private static async Task<string?> DocumentAsync(RoundRobin robin, TestGateway gateway, Guid owner)
    {
        using var response = await SendAsync(robin, gateway, HttpMethod.Post, "/api/documents", owner, """{"title":"a","content":"b"}""");
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True((int)response.StatusCode is 201 or 503, body);
        return response.IsSuccessStatusCode ? (string)JsonNode.Parse(body)!["id"]! : null;
    }

    private static async Task UntilAsync(Func<bool> condition, IReadOnlyList<Task> callers)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        while (!condition())
        {
            if (callers.FirstOrDefault(caller => caller.IsCompleted) is { } failed)
            {
                await failed;
            }

            await Task.Delay(20, limit.Token);
        }
    }
}
