namespace NovaId.Contract.Api;

/// <summary>What the API says to callers about themselves, and to everyone.</summary>
public abstract class MeContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task The_API_says_that_it_is_healthy() =>
        Assert.Equal("healthy", (await Anonymous.GetAsync("/api/health")).Expect(200)["status"].GetString());

    [Fact]
    public async Task The_API_says_what_it_is() =>
        Assert.Equal("NovaId", (await Anonymous.GetAsync("/api/public")).Expect(200)["name"].GetString());

    [Fact]
    public async Task The_API_describes_itself()
    {
        var document = (await Anonymous.GetAsync("/api/openapi.json")).Expect(200);

        var paths = document["paths"].EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/api/me", paths);
        Assert.Contains("/api/documents/{id}/sharing", paths);
    }

    [Fact]
    public async Task The_API_has_a_page_to_try_it_on()
    {
        Assert.Equal("/api/docs/v1", (await Anonymous.GetAsync("/api/docs")).Expect(302).Location.OriginalString);
        Assert.Contains("scalar.js", (await Anonymous.GetAsync("/api/docs/v1")).Expect(200).Body, StringComparison.Ordinal);
        (await Anonymous.GetAsync("/api/docs/scalar.js")).Expect(200);
    }

    [Fact]
    public async Task A_person_with_a_session_learns_who_they_are()
    {
        var person = await SharedPersonAsync("Lieutenant");

        var me = (await person.Caller.GetAsync("/api/me")).Expect(200);

        Assert.Equal(person.Id, me["id"].GetString());
        Assert.Equal("person", me["kind"].GetString());
        Assert.Equal(person.Email, me["email"].GetString());
        Assert.Equal("active", me["state"].GetString());
        Assert.Equal("Lieutenant", me["rank"].GetString());
        Assert.Equal("session", me["authentication.method"].GetString());
        Assert.Equal(person.Session.Id, me["authentication.sessionId"].GetString());
        Assert.Equal("aal1", me["authentication.assuranceLevel"].GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, me["authentication.clientId"].ValueKind);
    }

    [Fact]
    public async Task A_new_person_has_no_rank_and_no_capability()
    {
        var person = await NewPersonAsync();

        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await person.Caller.GetAsync("/api/me")).Expect(200)["rank"].ValueKind);
        var permissions = (await person.Caller.GetAsync("/api/me/permissions")).Expect(200);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, permissions["rank"].ValueKind);
        Assert.Empty(permissions["ranks"].EnumerateArray());
        Assert.Empty(permissions["capabilities"].EnumerateArray());
    }

    [Theory]
    [InlineData("General")]
    [InlineData("Colonel")]
    [InlineData("Major")]
    [InlineData("Captain")]
    [InlineData("Lieutenant")]
    [InlineData("Sergeant")]
    [InlineData("Corporal")]
    [InlineData("Private")]
    public async Task A_person_learns_what_their_rank_allows(string rank)
    {
        var person = await SharedPersonAsync(rank);

        var permissions = (await person.Caller.GetAsync("/api/me/permissions")).Expect(200);

        Assert.Equal(rank, permissions["rank"].GetString());
        Assert.Equal(Ranks.All.Where(other => Ranks.AtLeast(rank, other)), permissions.Strings("ranks"));
        Assert.Equal(
            Ranks.Capabilities.Where(pair => Ranks.AtLeast(rank, pair.Value)).Select(pair => pair.Key).Order(),
            permissions["capabilities"].EnumerateArray().Select(item => item.GetString()!).Order());
    }

    [Fact]
    public async Task A_change_of_rank_counts_from_the_next_request_on()
    {
        var person = await NewPersonAsync("Private");
        (await person.Caller.GetAsync("/api/users?pageSize=1")).ExpectProblem(403);

        await Operator.TakeRankAsync(person.Id, "Private");
        await Operator.SetRankAsync(person.Id, "Sergeant");

        Assert.Equal("Sergeant", (await person.Caller.GetAsync("/api/me")).Expect(200)["rank"].GetString());
        (await person.Caller.GetAsync("/api/users?pageSize=1")).Expect(200);
    }

    [Fact]
    public async Task The_ranks_are_listed_highest_first()
    {
        var ranks = (await (await SharedPersonAsync()).Caller.GetAsync("/api/ranks")).Expect(200)["ranks"].EnumerateArray().ToList();

        Assert.Equal(Ranks.All, ranks.Select(rank => rank.GetProperty("name").GetString()));
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], ranks.Select(rank => rank.GetProperty("level").GetInt32()));
    }

    [Fact]
    public async Task A_HEAD_is_answered_as_its_GET_without_a_body()
    {
        var reply = await (await SharedPersonAsync()).Caller.SendAsync(HttpMethod.Head, "/api/me");

        reply.Expect(200);
        Assert.Empty(reply.Body);
    }
}
