namespace NovaId.Contract.Permissions;

/// <summary>The ranks: who holds which, who commands whom, for all pairs.</summary>
public abstract class RankContract(IZone zone) : ZoneContract(zone)
{
    /// <summary>Each rank against each other one, and nobody's against each.</summary>
    public static MatrixTheoryData<string, string> Pairs { get; } = new([.. Ranks.All, "none"], Ranks.All);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_rank_counts_as_every_lower_one(string holder, string rank)
    {
        var person = await SharedPersonAsync(RankOf(holder));

        Assert.Equal(Ranks.AtLeast(RankOf(holder), rank), await AllowedAsync(person, rank, "atLeast"));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_rank_commands_every_lower_one_and_not_its_own(string holder, string rank)
    {
        var person = await SharedPersonAsync(RankOf(holder));

        Assert.Equal(Ranks.Commands(RankOf(holder), rank), await AllowedAsync(person, rank, "commands"));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Access_to_a_rank_needs_that_rank_or_a_higher_one(string holder, string rank)
    {
        var person = await SharedPersonAsync(RankOf(holder));

        var reply = await person.Caller.GetAsync($"/api/ranks/{rank}/access");

        if (Ranks.AtLeast(RankOf(holder), rank))
        {
            reply.Expect(204);
        }
        else
        {
            Assert.Equal($"rank {rank}", reply.ExpectProblem(403)["required"].GetString());
        }
    }

    [Fact]
    public async Task A_rank_that_was_taken_away_counts_no_more()
    {
        var person = await NewPersonAsync("Major");
        Assert.True(await AllowedAsync(person, "Captain", "atLeast"));

        await Operator.TakeRankAsync(person.Id, "Major");

        Assert.False(await AllowedAsync(person, "Captain", "atLeast"));
        Assert.False(await AllowedAsync(person, "Major", "atLeast"));
    }

    private static string? RankOf(string holder) => holder == "none" ? null : holder;

    private static async Task<bool> AllowedAsync(Person person, string rank, string relation)
    {
        var checks = new[] { new { @namespace = "Rank", @object = rank, relation } };
        var reply = await person.Caller.PostAsync("/api/checks", new { checks });
        return Assert.Single(reply.Expect(200)["results"].EnumerateArray()).GetProperty("allowed").GetBoolean();
    }
}
