using System.Text.Json;

namespace NovaId.Contract.Api;

/// <summary>The access log: a row for every decision, with its reason.</summary>
public abstract class AccessLogContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task What_was_allowed_leaves_a_row()
    {
        var person = await NewPersonAsync("Sergeant");
        (await person.Caller.GetAsync("/api/users?pageSize=1")).Expect(200);

        var row = Assert.Single(await RowsAsync(person.Id));

        Assert.Equal("GET", row.GetProperty("method").GetString());
        Assert.Equal("/api/users", row.GetProperty("path").GetString());
        Assert.Equal(200, row.GetProperty("status").GetInt32());
        Assert.True(row.GetProperty("allowed").GetBoolean());
        Assert.Equal("session", row.GetProperty("authentication").GetString());
        Assert.Equal(person.Id, row.GetProperty("subject").GetString());
        Assert.Equal("Sergeant", row.GetProperty("rank").GetString());
        Assert.Equal("capability users.view", row.GetProperty("required").GetString());
        Assert.False(string.IsNullOrEmpty(row.GetProperty("reason").GetString()));
        Assert.False(string.IsNullOrEmpty(row.GetProperty("traceId").GetString()));
        var time = row.GetProperty("time").GetDateTimeOffset();
        Assert.InRange(time, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.True(row.GetProperty("milliseconds").GetDouble() >= 0);
    }

    [Fact]
    public async Task What_was_refused_leaves_a_row_that_says_why()
    {
        var person = await NewPersonAsync("Private");
        (await person.Caller.GetAsync("/api/users")).ExpectProblem(403);

        var row = Assert.Single(await RowsAsync(person.Id));

        Assert.Equal(403, row.GetProperty("status").GetInt32());
        Assert.False(row.GetProperty("allowed").GetBoolean());
        Assert.Equal("capability users.view", row.GetProperty("required").GetString());
        Assert.False(string.IsNullOrEmpty(row.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_token_leaves_a_row_that_names_the_app()
    {
        var client = await Operator.CreateClientAsync();
        (await Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read")).GetAsync("/api/me")).Expect(200);

        var row = Assert.Single(await RowsAsync($"client:{client.Id}"));

        Assert.Equal("oauth2", row.GetProperty("authentication").GetString());
        Assert.Equal(client.Id, row.GetProperty("clientId").GetString());
    }

    [Fact]
    public async Task A_scope_that_was_missing_leaves_a_row()
    {
        var client = await Operator.CreateClientAsync();
        (await Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.write")).GetAsync("/api/me")).ExpectProblem(403);

        var row = Assert.Single(await RowsAsync($"client:{client.Id}"));

        Assert.False(row.GetProperty("allowed").GetBoolean());
        Assert.Contains("novaid.read", row.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_is_found_again()
    {
        var person = await NewPersonAsync();
        var trace = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        (await person.Caller.With("traceparent", $"00-{trace}-b7ad6b7169203331-01").GetAsync("/api/me")).Expect(200);

        Assert.Equal(trace, Assert.Single(await RowsAsync(person.Id)).GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task Rows_come_newest_first_and_in_pages()
    {
        var (person, general) = (await NewPersonAsync(), await SharedPersonAsync("General"));
        foreach (var target in new[] { "/api/me", "/api/ranks", "/api/me/permissions" })
        {
            (await person.Caller.GetAsync(target)).Expect(200);
        }

        var first = (await general.Caller.GetAsync($"/api/logs?subject={person.Id}&pageSize=2")).Expect(200);
        Assert.Equal(["/api/me/permissions", "/api/ranks"], first.Strings("items", "path"));
        var token = Uri.EscapeDataString(first["nextPageToken"].GetString()!);
        var second = (await general.Caller.GetAsync($"/api/logs?subject={person.Id}&pageSize=2&pageToken={token}")).Expect(200);

        Assert.Equal(["/api/me"], second.Strings("items", "path"));
        Assert.Equal(JsonValueKind.Null, second["nextPageToken"].ValueKind);
    }

    [Fact]
    public async Task Rows_are_sorted_out_by_what_was_decided()
    {
        var (person, general) = (await NewPersonAsync(), await SharedPersonAsync("General"));
        (await person.Caller.GetAsync("/api/me")).Expect(200);
        (await person.Caller.GetAsync("/api/users")).ExpectProblem(403);

        var refused = (await general.Caller.GetAsync($"/api/logs?subject={person.Id}&allowed=false")).Expect(200);
        var allowed = (await general.Caller.GetAsync($"/api/logs?subject={person.Id}&allowed=true")).Expect(200);

        Assert.Equal("/api/users", Assert.Single(refused["items"].EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal("/api/me", Assert.Single(allowed["items"].EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task The_rows_of_one_person_are_listed()
    {
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync("/api/me")).Expect(200);

        var rows = (await (await SharedPersonAsync("Major")).Caller.GetAsync($"/api/logs/users/{person.Id}")).Expect(200);

        Assert.Equal(person.Id, Assert.Single(rows["items"].EnumerateArray()).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task The_decisions_are_counted()
    {
        var person = await NewPersonAsync();
        var general = await SharedPersonAsync("General");
        var before = (await general.Caller.GetAsync("/api/logs/stats")).Expect(200);
        (await person.Caller.GetAsync("/api/me")).Expect(200);
        (await person.Caller.GetAsync("/api/users")).ExpectProblem(403);

        var after = (await general.Caller.GetAsync("/api/logs/stats")).Expect(200);

        // Other cases call meanwhile, so at least these two more.
        Assert.True(after["allowed"].GetInt64() >= before["allowed"].GetInt64() + 1);
        Assert.True(after["denied"].GetInt64() >= before["denied"].GetInt64() + 1);
        Assert.Equal(after["total"].GetInt64(), after["allowed"].GetInt64() + after["denied"].GetInt64());
        Assert.True(after["byStatus"].GetProperty("403").GetInt64() >= 1);
    }

    [Fact]
    public async Task Rows_hold_no_secret()
    {
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync($"/api/me?session_token={person.Session.Token}")).Expect(200);

        var rows = (await (await SharedPersonAsync("General")).Caller.GetAsync($"/api/logs?subject={person.Id}")).Expect(200);

        Assert.DoesNotContain(person.Session.Token, rows.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_as_it_was_written()
    {
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync("/api/me")).Expect(200);
        var row = Assert.Single(await RowsAsync(person.Id));

        var verification = (await (await SharedPersonAsync("Major")).Caller.GetAsync("/api/logs/verify")).Expect(200);

        Assert.True(verification["valid"].GetBoolean(), verification.Body);
        Assert.Equal(JsonValueKind.Null, verification["firstBroken"].ValueKind);
        Assert.InRange(verification["completeFrom"].GetInt64(), 1, row.GetProperty("id").GetInt64());
        Assert.True(verification["head.id"].GetInt64() >= row.GetProperty("id").GetInt64());
        Assert.Matches("^[0-9a-f]{64}$", verification["head.hash"].GetString());
        Assert.True(verification["records"].GetInt64() >= 1);
        Assert.True(verification["segments"].GetInt32() >= 1);
    }

    [Fact]
    public async Task The_log_is_checked_for_those_who_may_see_it() =>
        Assert.Equal(
            "capability logs.view",
            (await (await SharedPersonAsync("Captain")).Caller.GetAsync("/api/logs/verify")).ExpectProblem(403)["required"].GetString());

    [Fact]
    public async Task What_somebody_pasted_into_a_path_is_not_written_down()
    {
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync($"/api/documents/{person.Session.Token}")).ExpectProblem(400);

        Assert.Equal("/api/documents/{id}", Assert.Single(await RowsAsync(person.Id)).GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_bad_filter_is_refused() =>
        (await (await SharedPersonAsync("General")).Caller.GetAsync("/api/logs?allowed=perhaps")).ExpectProblem(400);

    private async Task<List<JsonElement>> RowsAsync(string subject)
    {
        var reply = await (await SharedPersonAsync("General")).Caller.GetAsync($"/api/logs?subject={Uri.EscapeDataString(subject)}");
        return [.. reply.Expect(200)["items"].EnumerateArray()];
    }
}
