using NovaId.Tests.Storage;

namespace NovaId.Tests.Api;

/// <summary>The access log as it is read, on each storage.</summary>
public abstract class AccessLogEndpointTests(TestStorage storage)
{
    [Fact]
    public async Task Every_decision_has_a_row_by_the_time_its_answer_is_there()
    {
        await using var zone = await storage.StartAsync();
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
        await using var zone = await storage.StartAsync();
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

    public sealed class OnSqlite() : AccessLogEndpointTests(TestStorage.Sqlite);

    public sealed class OnPostgres(PostgresServer server) : AccessLogEndpointTests(TestStorage.Postgres(server));
}
