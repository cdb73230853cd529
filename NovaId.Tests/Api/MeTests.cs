using System.Text.Json.Nodes;

namespace NovaId.Tests.Api;

public sealed class MeTests
{
    [Fact]
    public async Task A_person_with_a_session_sees_themselves()
    {
        await using var zone = await ApiZone.StartAsync();
        var major = zone.Gateway.AddPerson("Major");
        var claims = zone.Gateway.SessionClaims(major.ToString());
        var session = (string)claims["sid"]!;

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/me", zone.Gateway.Sign(claims));

        var expected = new JsonObject
        {
            ["id"] = major.ToString(),
            ["kind"] = "person",
            ["email"] = $"{major:N}@example.org",
            ["name"] = new JsonObject { ["first"] = "Ada", ["last"] = null },
            ["state"] = "active",
            ["rank"] = "Major",
            ["authentication"] = new JsonObject { ["method"] = "session", ["sessionId"] = session, ["clientId"] = null, ["assuranceLevel"] = "aal1" },
            ["scopes"] = new JsonArray(),
        };
        var me = await ApiZone.ReadAsync(response, 200);
        Assert.True(JsonNode.DeepEquals(expected, me), me.ToJsonString());
    }

    [Fact]
    public async Task A_client_is_a_subject_of_its_own()
    {
        await using var zone = await ApiZone.StartAsync();

        using var response = await zone.SendAsClientAsync(HttpMethod.Get, "/api/me", "a-program", scope: "novaid.read");

        var me = await ApiZone.ReadAsync(response, 200);
        Assert.Equal(("a-program", "client"), ((string?)me["id"], (string?)me["kind"]));
        Assert.Null(me["email"]);
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.Service == "kratos");
        Assert.Equal("client:a-program", (await zone.LogAsync())[0].Subject);
    }

    [Fact]
    public async Task A_client_named_like_a_person_is_not_that_person()
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");

        using var me = await zone.SendAsClientAsync(HttpMethod.Get, "/api/me", general.ToString());
        using var users = await zone.SendAsClientAsync(HttpMethod.Get, "/api/users", general.ToString());

        Assert.Equal("client", (string?)(await ApiZone.ReadAsync(me, 200))["kind"]);
        await ApiZone.AssertStatusAsync(users, 403);
    }

    [Theory]
    [InlineData("Major", 6, "users.view users.edit ranks.assign logs.view")]
    [InlineData("Private", 1, "")]
    [InlineData("", 0, "keys.manage")]
    public async Task Permissions_are_every_lower_rank_and_each_capability(string rank, int ranks, string capabilities)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson(rank.Length > 0 ? rank : null);
        if (rank.Length == 0)
        {
            zone.Gateway.AddTuple("Capability", "keys.manage", "granted", person.ToString());
        }

        using var response = await zone.GetAsync("/api/me/permissions", person);

        var permissions = await ApiZone.ReadAsync(response, 200);
        Assert.Equal(rank.Length > 0 ? rank : null, (string?)permissions["rank"]);
        Assert.Equal(ranks, permissions["ranks"]!.AsArray().Count);
        Assert.Equal(rank.Length > 0 ? rank : null, (string?)permissions["ranks"]!.AsArray().FirstOrDefault());
        Assert.Equal(capabilities, string.Join(' ', permissions["capabilities"]!.AsArray().Select(one => (string?)one)));
    }

    [Fact]
    public async Task Checks_are_answered_in_their_order_by_one_batch()
    {
        await using var zone = await ApiZone.StartAsync();
        var captain = zone.Gateway.AddPerson("Captain");
        const string Questions = """
            {"checks":[
              {"namespace":"Rank","object":"Captain","relation":"atLeast"},
              {"namespace":"Rank","object":"Captain","relation":"commands"},
              {"namespace":"Capability","object":"users.view","relation":"allow"},
              {"namespace":"Capability","object":"logs.view","relation":"allow"},
              {"namespace":"Rank","object":"Captain","relation":"atLeast"},
              {"namespace":"Document","object":"11111111-2222-4333-8444-555555555555","relation":"view"}]}
            """;

        using var response = await zone.SendAsync(HttpMethod.Post, "/api/checks", captain, Questions);

        var results = (await ApiZone.ReadAsync(response, 200))["results"]!.AsArray();
        Assert.Equal([true, false, true, false, true, false], results.Select(result => (bool)result!["allowed"]!));
        Assert.Equal(["namespace", "object", "relation", "allowed"], results[0]!.AsObject().Select(member => member.Key));
        Assert.Single(zone.Gateway.Calls, call => call.IsBatchCheck);
    }

    [Theory]
    [InlineData("Captain", "Captain", 204)]
    [InlineData("General", "Captain", 204)]
    [InlineData("Lieutenant", "Captain", 403)]
    [InlineData("", "Private", 403)]
    public async Task Access_by_rank_is_for_that_rank_and_those_above(string held, string asked, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson(held.Length > 0 ? held : null);

        using var response = await zone.GetAsync($"/api/ranks/{asked}/access", person);

        var problem = await ApiZone.AssertStatusAsync(response, status);
        if (status == 403)
        {
            Assert.Equal($"rank {asked}", (string?)problem!["required"]);
        }
    }

    [Fact]
    public async Task Ranks_are_listed_from_the_highest()
    {
        await using var zone = await ApiZone.StartAsync();

        using var response = await zone.GetAsync("/api/ranks", zone.Gateway.AddPerson());

        var ranks = (await ApiZone.ReadAsync(response, 200))["ranks"]!.AsArray();
        Assert.Equal(
            "General 8, Colonel 7, Major 6, Captain 5, Lieutenant 4, Sergeant 3, Corporal 2, Private 1",
            string.Join(", ", ranks.Select(rank => $"{rank!["name"]} {rank["level"]}")));
    }

    [Fact]
    public async Task What_is_public_needs_no_caller_and_asks_nobody()
    {
        await using var zone = await ApiZone.StartAsync();

        using var health = await zone.SendAsync(HttpMethod.Get, "/api/health", idToken: null);
        using var open = await zone.SendAsync(HttpMethod.Get, "/api/public", "nonsense");
        using var ready = await zone.SendAsync(HttpMethod.Get, "/health", idToken: null);
        using var alive = await zone.SendAsync(HttpMethod.Get, "/alive", idToken: null);

        Assert.Equal("""{"status":"healthy"}""", (await ApiZone.ReadAsync(health, 200)).ToJsonString());
        Assert.Equal("NovaId", (string?)(await ApiZone.ReadAsync(open, 200))["name"]);
        Assert.Equal("Healthy", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Healthy", await alive.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(zone.Gateway.Calls);
        Assert.Empty(await zone.LogAsync());
    }
}
