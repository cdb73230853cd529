namespace NovaId.Contract.Api;

/// <summary>Giving and taking ranks: who commands both the old rank and the new one, and is not meant themselves.</summary>
public abstract class RankChangeContract(IZone zone) : ZoneContract(zone)
{
    /// <summary>Caller's rank, the person's rank, the new one, and whether it may be.</summary>
    public static TheoryData<string, string?, string?, bool> Changes { get; } = new()
    {
        { "General", null, "Colonel", true },
        { "General", "Colonel", null, true },
        { "General", "Colonel", "Private", true },
        { "General", null, "General", false },
        { "General", "General", "Private", false },
        { "General", "General", null, false },
        { "Colonel", "Private", "Major", true },
        { "Colonel", "Private", "Colonel", false },
        { "Colonel", "Colonel", "Private", false },
        { "Colonel", "General", "Private", false },
        { "Colonel", "Private", "General", false },
        { "Major", null, "Captain", true },
        { "Major", "Captain", "Private", true },
        { "Major", "Captain", "Major", false },
        { "Major", "Major", "Captain", false },
        { "Captain", null, "Private", false },
        { "Captain", "Private", null, false },
        { "Private", null, "Private", false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_rank_is_given_by_whoever_commands_the_old_and_the_new(string caller, string? old, string? next, bool allowed)
    {
        var person = await Operator.CreateIdentityAsync();
        if (old is not null)
        {
            await Operator.SetRankAsync(person, old);
        }

        var reply = await PutAsync(caller, person, new { rank = next });

        if (allowed)
        {
            Assert.Equal(next, reply.Expect(200)["rank"].GetString());
            Assert.Equal(person, reply["id"].GetString());
        }
        else
        {
            Assert.False(string.IsNullOrEmpty(reply.ExpectProblem(403)["required"].GetString()));
        }

        var ranks = await Operator.RanksAsync(person);
        Assert.Equal(allowed ? next : old, ranks.SingleOrDefault());
        foreach (var rank in ranks.Where(rank => rank != old))
        {
            await Operator.TakeRankAsync(person, rank);
        }
    }

    [Theory]
    [InlineData("Private")]
    [InlineData("General")]
    [InlineData(null)]
    public async Task Nobody_changes_their_own(string? next)
    {
        var colonel = await NewPersonAsync("Colonel");

        (await colonel.Caller.PutAsync($"/api/users/{colonel.Id}/rank", new { rank = next })).ExpectProblem(403);

        Assert.Equal(["Colonel"], await Operator.RanksAsync(colonel.Id));
    }

    [Fact]
    public async Task The_same_rank_again_changes_nothing()
    {
        var person = await Operator.CreateIdentityAsync();
        await Operator.SetRankAsync(person, "Private");

        (await PutAsync("General", person, new { rank = "Private" })).Expect(200);

        Assert.Equal(["Private"], await Operator.RanksAsync(person));
    }

    [Theory]
    [InlineData("""{"rank":"Marshal"}""")]
    [InlineData("""{"rank":"private"}""")]
    [InlineData("""{"rank":""}""")]
    [InlineData("""{"rank":3}""")]
    [InlineData("""{"rank":["Private"]}""")]
    [InlineData("""{"rank":"Private","reason":"merit"}""")]
    [InlineData("""{"rank":"Private","rank":"General"}""")]
    [InlineData("""{"rank":"Private"}x""")]
    [InlineData("""null""")]
    public async Task What_is_no_rank_is_refused_and_changes_nothing(string content)
    {
        var person = await Operator.CreateIdentityAsync();
        await Operator.SetRankAsync(person, "Corporal");
        using var json = new StringContent(content, System.Text.Encoding.UTF8, "application/json");

        (await PutAsync("General", person, json)).ExpectProblem(400);

        Assert.Equal(["Corporal"], await Operator.RanksAsync(person));
    }

    [Theory]
    [InlineData("""{"rank":null}""")]
    [InlineData("""{}""")]
    public async Task No_rank_is_said_by_null_or_by_nothing(string content)
    {
        var person = await Operator.CreateIdentityAsync();
        await Operator.SetRankAsync(person, "Corporal");
        using var json = new StringContent(content, System.Text.Encoding.UTF8, "application/json");

        (await PutAsync("General", person, json)).Expect(200);

        Assert.Empty(await Operator.RanksAsync(person));
    }

    [Fact]
    public async Task A_person_who_does_not_exist_gets_no_rank()
    {
        var nobody = Guid.NewGuid().ToString();

        (await PutAsync("General", nobody, new { rank = "Private" })).ExpectProblem(404);

        Assert.Empty(await Operator.RanksAsync(nobody));
    }

    [Fact]
    public async Task A_person_may_do_what_the_new_rank_allows_at_once()
    {
        var person = await NewPersonAsync();
        (await person.Caller.GetAsync("/api/users?pageSize=1")).ExpectProblem(403);

        (await PutAsync("General", person.Id, new { rank = "Sergeant" })).Expect(200);
        (await person.Caller.GetAsync("/api/users?pageSize=1")).Expect(200);

        (await PutAsync("General", person.Id, new { rank = (string?)null })).Expect(200);
        (await person.Caller.GetAsync("/api/users?pageSize=1")).ExpectProblem(403);
    }

    private async Task<Reply> PutAsync(string caller, string person, object content) =>
        await (await SharedPersonAsync(caller)).Caller.PutAsync($"/api/users/{person}/rank", content);
}
