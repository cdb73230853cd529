namespace NovaId.Contract.Api;

/// <summary>Questions about the caller, up to fifty at once.</summary>
public abstract class CheckContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task Answers_come_in_the_order_of_the_questions()
    {
        var person = await SharedPersonAsync("Captain");
        object[] checks =
        [
            Check("Rank", "Private", "atLeast"), Check("Rank", "General", "atLeast"), Check("Rank", "Captain", "commands"),
            Check("Capability", "users.view", "allow"), Check("Capability", "keys.manage", "allow"),
            Check("Document", Guid.NewGuid().ToString(), "view"),
        ];

        var results = (await person.Caller.PostAsync("/api/checks", new { checks })).Expect(200)["results"].EnumerateArray().ToList();

        Assert.Equal(["Private", "General", "Captain"], results.Take(3).Select(result => result.GetProperty("object").GetString()));
        Assert.Equal([true, false, false, true, false, false], results.Select(result => result.GetProperty("allowed").GetBoolean()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task So_many_questions_are_answered(int count)
    {
        var checks = Enumerable.Range(0, count).Select(index => Check("Rank", Ranks.All[index % 8], "atLeast"));

        var reply = await (await SharedPersonAsync()).Caller.PostAsync("/api/checks", new { checks });

        Assert.Equal(count, reply.Expect(200)["results"].GetArrayLength());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(51)]
    public async Task So_many_questions_are_refused(int count)
    {
        var checks = Enumerable.Range(0, count).Select(_ => Check("Rank", "Private", "atLeast"));

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/checks", new { checks })).ExpectProblem(400);
    }

    [Theory]
    [InlineData("Rank", "Private", "members")]
    [InlineData("Rank", "Private", "higher")]
    [InlineData("Rank", "Marshal", "atLeast")]
    [InlineData("Rank", "private", "atLeast")]
    [InlineData("Capability", "users.view", "granted")]
    [InlineData("Capability", "users.delete", "allow")]
    [InlineData("Document", "not-an-id", "view")]
    [InlineData("Document", "00000000-0000-4000-8000-000000000000", "owners")]
    [InlineData("User", "00000000-0000-4000-8000-000000000000", "view")]
    [InlineData("", "", "")]
    public async Task What_cannot_be_asked_is_refused(string @namespace, string @object, string relation)
    {
        var checks = new[] { Check(@namespace, @object, relation) };

        (await (await SharedPersonAsync("General")).Caller.PostAsync("/api/checks", new { checks })).ExpectProblem(400);
    }

    [Fact]
    public async Task Nobody_asks_about_another()
    {
        var (person, general) = (await SharedPersonAsync(), await SharedPersonAsync("General"));
        var checks = new[] { new { @namespace = "Rank", @object = "General", relation = "atLeast", subject = general.Id } };

        (await person.Caller.PostAsync("/api/checks", new { checks })).ExpectProblem(400);
    }

    private static object Check(string @namespace, string @object, string relation) => new { @namespace, @object, relation };
}
