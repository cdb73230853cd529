using System.Text.Json.Nodes;

namespace NovaId.Tests.Api;

public sealed class UserTests
{
    [Theory]
    [InlineData("General", "Captain", "Colonel", 200)]
    [InlineData("Major", "Sergeant", "Captain", 200)]
    [InlineData("Major", "", "Captain", 200)]
    [InlineData("Major", "Captain", null, 200)]
    [InlineData("Major", "Captain", "Captain", 200)]
    [InlineData("Major", "Sergeant", "Major", 403)]
    [InlineData("Major", "Major", "Sergeant", 403)]
    [InlineData("Major", "General", null, 403)]
    [InlineData("General", "General", "Private", 403)]
    [InlineData("General", "Private", "General", 403)]
    [InlineData("Captain", "Private", "Corporal", 403)]
    public async Task A_rank_is_given_by_whoever_commands_both(string caller, string present, string? next, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        var commander = zone.Gateway.AddPerson(caller);
        var person = zone.Gateway.AddPerson(present.Length > 0 ? present : null);

        using var response = await zone.SendAsync(
            HttpMethod.Put,
            $"/api/users/{person}/rank",
            commander,
            new JsonObject { ["rank"] = next }.ToJsonString());

        var body = await ApiZone.AssertStatusAsync(response, status);
        var writes = zone.Gateway.Calls.Count(call => call.IsWrite);
        if (status == 200)
        {
            Assert.Equal(next, (string?)body!["rank"]);
            Assert.Equal(next is null ? [] : [next], zone.Gateway.RanksOf(person));
            Assert.Equal(present == next ? 0 : 1, writes);
        }
        else
        {
            Assert.Equal(present.Length > 0 ? [present] : [], zone.Gateway.RanksOf(person));
            Assert.Equal(0, writes);
            Assert.False((await zone.LogAsync())[0].Allowed);
        }
    }

    [Fact]
    public async Task Nobody_changes_what_is_their_own()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");

        using var rank = await zone.SendAsync(HttpMethod.Put, $"/api/users/{general}/rank", general, """{"rank":null}""");
        using var state = await zone.SendAsync(HttpMethod.Patch, $"/api/users/{general}", general, """{"state":"inactive"}""");
        using var sessions = await zone.SendAsync(HttpMethod.Delete, $"/api/users/{general}/sessions", general);

        await ApiZone.AssertStatusAsync(rank, 403);
        await ApiZone.AssertStatusAsync(state, 403);
        await ApiZone.AssertStatusAsync(sessions, 403);
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
    }

    [Fact]
    public async Task Somebody_who_is_not_there_is_not_found()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var nobody = Guid.NewGuid();

        using var got = await zone.GetAsync($"/api/users/{nobody}", general);
        using var ranked = await zone.SendAsync(HttpMethod.Put, $"/api/users/{nobody}/rank", general, """{"rank":"Private"}""");
        using var changed = await zone.SendAsync(HttpMethod.Patch, $"/api/users/{nobody}", general, """{"state":"inactive"}""");
        using var ended = await zone.SendAsync(HttpMethod.Delete, $"/api/users/{nobody}/sessions", general);

        foreach (var response in (HttpResponseMessage[])[got, ranked, changed, ended])
        {
            await ApiZone.AssertStatusAsync(response, 404);
        }

        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
    }

    [Fact]
    public async Task Changes_of_one_person_at_the_same_time_leave_one_rank()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var person = zone.Gateway.AddPerson("Private");
        zone.Gateway.Delay = TimeSpan.FromMilliseconds(20);

        await Task.WhenAll(((string[])["Corporal", "Sergeant", "Lieutenant", "Captain", "Major"]).Select(async rank =>
        {
            using var response = await zone.SendAsync(HttpMethod.Put, $"/api/users/{person}/rank", general, $$"""{"rank":"{{rank}}"}""");
            await ApiZone.AssertStatusAsync(response, 200);
        }));

        Assert.Single(zone.Gateway.RanksOf(person));
    }

    [Fact]
    public async Task A_change_of_rank_is_one_transaction()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var person = zone.Gateway.AddPerson("Private");

        using var response = await zone.SendAsync(HttpMethod.Put, $"/api/users/{person}/rank", general, """{"rank":"Captain"}""");

        await ApiZone.AssertStatusAsync(response, 200);
        var deltas = JsonNode.Parse(Assert.Single(zone.Gateway.Calls, call => call.IsWrite).Body)!.AsArray();
        Assert.Equal(
            ["delete Private", "insert Captain"],
            deltas.Select(delta => $"{delta!["action"]} {delta["relation_tuple"]!["object"]}"));
    }

    [Fact]
    public async Task Deactivating_a_person_ends_their_sessions_and_activating_does_not()
    {
        await using var zone = await ApiZone.StartAsync();
        var colonel = zone.Gateway.AddPerson("Colonel");
        var major = zone.Gateway.AddPerson("Major");

        using var off = await zone.SendAsync(HttpMethod.Patch, $"/api/users/{major}", colonel, """{"state":"inactive"}""");
        var person = await ApiZone.ReadAsync(off, 200);
        Assert.Equal(("inactive", "Major"), ((string?)person["state"], (string?)person["rank"]));
        Assert.Contains(major, zone.Gateway.SessionsDeleted);
        using (var refused = await zone.GetAsync("/api/me", major))
        {
            await ApiZone.AssertStatusAsync(refused, 401);
        }

        zone.Gateway.SessionsDeleted.Clear();
        using var on = await zone.SendAsync(HttpMethod.Patch, $"/api/users/{major}", colonel, """{"state":"active"}""");
        Assert.Equal("active", (string?)(await ApiZone.ReadAsync(on, 200))["state"]);
        Assert.Empty(zone.Gateway.SessionsDeleted);
    }

    [Theory]
    [InlineData("Major", "Captain", 204)]
    [InlineData("Major", "", 204)]
    [InlineData("Major", "Major", 403)]
    [InlineData("Captain", "Private", 403)]
    public async Task Sessions_are_ended_by_whoever_commands_the_person(string caller, string held, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        var commander = zone.Gateway.AddPerson(caller);
        var person = zone.Gateway.AddPerson(held.Length > 0 ? held : null);

        using var response = await zone.SendAsync(HttpMethod.Delete, $"/api/users/{person}/sessions", commander);

        await ApiZone.AssertStatusAsync(response, status);
        Assert.Equal(status == 204, zone.Gateway.SessionsDeleted.Contains(person));
    }

    [Fact]
    public async Task Users_come_in_pages()
    {
        await using var zone = await ApiZone.StartAsync();
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        for (var number = 0; number < 6; number++)
        {
            zone.Gateway.AddPerson();
        }

        var seen = new List<string?>();
        string? token = null;
        do
        {
            using var response = await zone.GetAsync($"/api/users?pageSize=3{(token is null ? "" : $"&pageToken={token}")}", sergeant);
            var page = await ApiZone.ReadAsync(response, 200);
            Assert.InRange(page["items"]!.AsArray().Count, 1, 3);
            seen.AddRange(page["items"]!.AsArray().Select(user => (string?)user!["id"]));
            token = (string?)page["nextPageToken"];
        }
        while (token is not null);

        Assert.Equal(7, seen.Count);
        Assert.Equal(seen.Distinct(), seen);
    }

    [Fact]
    public async Task A_user_has_these_members_and_no_others()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var captain = zone.Gateway.AddPerson("Captain");

        using var response = await zone.GetAsync($"/api/users/{captain}", general);

        var user = (await ApiZone.ReadAsync(response, 200)).AsObject();
        Assert.Equal(["id", "email", "name", "state", "createdAt", "rank"], user.Select(member => member.Key));
        Assert.Equal("Captain", (string?)user["rank"]);
        Assert.Equal("Ada", (string?)user["name"]!["first"]);
    }

    [Fact]
    public async Task Members_of_a_rank_are_people_who_are_there()
    {
        await using var zone = await ApiZone.StartAsync();
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        var captains = new[] { zone.Gateway.AddPerson("Captain"), zone.Gateway.AddPerson("Captain") };
        zone.Gateway.AddTuple("Rank", "Captain", "members", "client:a-program");
        zone.Gateway.AddTuple("Rank", "Captain", "members", Guid.NewGuid().ToString());

        using var response = await zone.GetAsync("/api/ranks/Captain/members", sergeant);
        using var refused = await zone.GetAsync("/api/ranks/Captain/members", zone.Gateway.AddPerson("Corporal"));

        var page = await ApiZone.ReadAsync(response, 200);
        Assert.Equal(captains.Select(id => id.ToString()), page["items"]!.AsArray().Select(user => (string?)user!["id"]));
        Assert.Equal("capability users.view", (string?)(await ApiZone.AssertStatusAsync(refused, 403))!["required"]);
    }
}
