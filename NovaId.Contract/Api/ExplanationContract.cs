using System.Text.Json;

namespace NovaId.Contract.Api;

/// <summary>Why may somebody do something: the path through ranks and grants, or what is missing.</summary>
public abstract class ExplanationContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_capability_by_a_higher_rank_is_explained_by_the_rank_and_the_order_of_ranks()
    {
        var person = await NewPersonAsync("Colonel");

        var why = await ExplainAsync(person.Id, "Capability", "logs.view", "allow");

        Assert.True(why.GetProperty("allowed").GetBoolean());
        Assert.Equal("active", why.GetProperty("state").GetString());
        var part = Assert.Single(why.GetProperty("parts").EnumerateArray());
        Assert.Equal(["Colonel"], part.GetProperty("ranks").EnumerateArray().Select(rank => rank.GetString()));
        Assert.Equal(
            ["Capability:logs.view#requires@Major", "Rank:Major#higher@Colonel", $"Rank:Colonel#members@{person.Id}"],
            part.GetProperty("path").EnumerateArray().Select(Text));
        Assert.Equal(0, part.GetProperty("ways").GetArrayLength());
    }

    [Fact]
    public async Task A_capability_by_exactly_its_rank_needs_no_order()
    {
        var person = await NewPersonAsync("Major");

        var part = (await ExplainAsync(person.Id, "Capability", "logs.view", "allow")).GetProperty("parts")[0];

        Assert.Equal(
            ["Capability:logs.view#requires@Major", $"Rank:Major#members@{person.Id}"], part.GetProperty("path").EnumerateArray().Select(Text));
    }

    [Fact]
    public async Task A_granted_capability_is_explained_by_its_grant()
    {
        var person = await NewPersonAsync();
        await Operator.GrantAsync(person.Id, "logs.view");

        var part = (await ExplainAsync(person.Id, "Capability", "logs.view", "allow")).GetProperty("parts")[0];

        Assert.Equal([$"Capability:logs.view#granted@{person.Id}"], part.GetProperty("path").EnumerateArray().Select(Text));
    }

    [Fact]
    public async Task What_is_missing_is_said()
    {
        var person = await NewPersonAsync("Captain");

        var why = await ExplainAsync(person.Id, "Capability", "logs.view", "allow");

        Assert.False(why.GetProperty("allowed").GetBoolean());
        var part = why.GetProperty("parts")[0];
        Assert.Equal(0, part.GetProperty("path").GetArrayLength());
        Assert.Equal(
            ["atLeastRank Major", "grant "],
            part.GetProperty("ways").EnumerateArray().Select(way => $"{way.GetProperty("kind").GetString()} {way.GetProperty("rank").GetString()}"));
    }

    [Theory]
    [InlineData("atLeast", "Major", true)]
    [InlineData("atLeast", "Colonel", false)]
    [InlineData("commands", "Captain", true)]
    [InlineData("commands", "Major", false)]
    public async Task A_rank_is_explained_as_Keto_decides_it(string relation, string rank, bool allowed)
    {
        var person = await NewPersonAsync("Major");

        var why = await ExplainAsync(person.Id, "Rank", rank, relation);

        Assert.Equal(allowed, why.GetProperty("allowed").GetBoolean());
        var part = why.GetProperty("parts")[0];
        Assert.Equal(allowed, part.GetProperty("path").GetArrayLength() > 0);
        Assert.Equal(!allowed, part.GetProperty("ways").GetArrayLength() > 0);
    }

    [Fact]
    public async Task A_document_is_explained_by_the_part_somebody_has_in_it()
    {
        var (owner, stranger) = (await NewPersonAsync(), await NewPersonAsync());
        var document = await Operator.CreateDocumentAsync(owner.Caller);

        var own = (await ExplainAsync(owner.Id, "Document", document, "edit")).GetProperty("parts")[0];
        Assert.Equal([$"Document:{document}#owners@{owner.Id}"], own.GetProperty("path").EnumerateArray().Select(Text));
        var why = await ExplainAsync(stranger.Id, "Document", document, "edit");
        Assert.False(why.GetProperty("allowed").GetBoolean());
        Assert.Contains("owner", why.GetProperty("parts")[0].GetProperty("ways").EnumerateArray().Select(way => way.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task An_inactive_person_is_said_to_be_inactive()
    {
        var person = await NewPersonAsync("Major");
        await Operator.SetStateAsync(person.Id, "inactive");

        Assert.Equal("inactive", (await ExplainAsync(person.Id, "Capability", "logs.view", "allow")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_person_who_does_not_exist_is_not_found() =>
        (await (await SharedPersonAsync("Colonel")).Caller.GetAsync(Target(Guid.NewGuid().ToString(), "Capability", "logs.view", "allow"))).ExpectProblem(404);

    [Fact]
    public async Task Only_whoever_manages_permissions_asks_about_others()
    {
        var major = await SharedPersonAsync("Major");

        (await major.Caller.GetAsync(Target(major.Id, "Capability", "logs.view", "allow"))).ExpectProblem(403);
    }

    [Theory]
    [InlineData("", "Capability", "logs.view", "allow")]
    [InlineData("nobody", "Capability", "logs.view", "allow")]
    [InlineData("client:", "Capability", "logs.view", "allow")]
    [InlineData("00000000-0000-4000-8000-000000000000", "Capability", "logs.burn", "allow")]
    [InlineData("00000000-0000-4000-8000-000000000000", "Capability", "logs.view", "granted")]
    [InlineData("00000000-0000-4000-8000-000000000000", "Document", "one", "view")]
    [InlineData("00000000-0000-4000-8000-000000000000", "Secret", "one", "view")]
    public async Task A_question_that_cannot_be_is_refused(string subject, string @namespace, string @object, string relation) =>
        (await (await SharedPersonAsync("Colonel")).Caller.GetAsync(Target(subject, @namespace, @object, relation))).ExpectProblem(400);

    private static string Target(string subject, string @namespace, string @object, string relation) =>
        $"/api/permissions/explanation?subject={Uri.EscapeDataString(subject)}&namespace={@namespace}&object={@object}&relation={relation}";

    private static string Text(JsonElement fact) =>
        $"{fact.GetProperty("namespace").GetString()}:{fact.GetProperty("object").GetString()}#{fact.GetProperty("relation").GetString()}"
        + $"@{fact.GetProperty("subject").GetString() ?? fact.GetProperty("rank").GetString()}";

    private async Task<JsonElement> ExplainAsync(string subject, string @namespace, string @object, string relation) =>
        (await (await SharedPersonAsync("Colonel")).Caller.GetAsync(Target(subject, @namespace, @object, relation))).Expect(200).Json;
}
