namespace NovaId.Contract.Permissions;

/// <summary>Documents: what owners, editors, viewers and ranks may do with them.</summary>
public abstract class DocumentPermissionContract(IZone zone) : ZoneContract(zone)
{
    /// <summary>How somebody may stand to a document, and what they may then do.</summary>
    public static TheoryData<string, bool, bool, bool> Standings { get; } = new()
    {
        { "owner", true, true, true },
        { "editor", true, true, false },
        { "viewer", true, false, false },
        { "editor by rank", true, true, false },
        { "viewer by rank", true, false, false },
        { "minimum rank", true, false, false },
        { "rank above the minimum", true, false, false },
        { "rank below the minimum", false, false, false },
        { "rank above the viewers' rank", false, false, false },
        { "rank above the editors' rank", false, false, false },
        { "nobody", false, false, false },
        { "general", false, false, false },
    };

    [Theory]
    [MemberData(nameof(Standings))]
    public async Task Each_standing_allows_what_it_should(string standing, bool view, bool edit, bool delete)
    {
        var (document, person) = await ArrangeAsync(standing);

        var reply = await person.Caller.PostAsync("/api/checks", new
        {
            checks = new[] { "view", "edit", "delete" }.Select(relation => new { @namespace = "Document", @object = document, relation }),
        });

        var results = reply.Expect(200)["results"].EnumerateArray();
        Assert.Equal([view, edit, delete], results.Select(result => result.GetProperty("allowed").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(Standings))]
    public async Task Each_endpoint_asks_for_what_it_does(string standing, bool view, bool edit, bool delete)
    {
        var (document, person) = await ArrangeAsync(standing);
        var target = $"/api/documents/{document}";

        Answered(view, "Document view", await person.Caller.GetAsync(target), 200);
        Answered(edit, "Document edit", await person.Caller.PutAsync(target, new { title = "New", content = "New" }), 200);
        Answered(delete, "Document delete", await person.Caller.PutAsync($"{target}/sharing", Sharing()), 200);
        if (standing != "owner")
        {
            Answered(delete, "Document delete", await person.Caller.DeleteAsync(target), 204);
        }
    }

    [Fact]
    public async Task Sharing_is_replaced_as_a_whole()
    {
        var (owner, first, second) = (await NewPersonAsync(), await NewPersonAsync(), await NewPersonAsync());
        var document = await CreateAsync(owner);
        await ShareAsync(owner, document, Sharing(viewers: [new { user = first.Id }]));
        (await first.Caller.GetAsync($"/api/documents/{document}")).Expect(200);

        await ShareAsync(owner, document, Sharing(viewers: [new { user = second.Id }]));

        (await first.Caller.GetAsync($"/api/documents/{document}")).ExpectProblem(403);
        (await second.Caller.GetAsync($"/api/documents/{document}")).Expect(200);
    }

    [Fact]
    public async Task Sharing_takes_nothing_from_the_owner()
    {
        var owner = await NewPersonAsync();
        var document = await CreateAsync(owner);

        await ShareAsync(owner, document, Sharing());

        (await owner.Caller.GetAsync($"/api/documents/{document}")).Expect(200);
        (await owner.Caller.DeleteAsync($"/api/documents/{document}")).Expect(204);
    }

    [Fact]
    public async Task The_permissions_of_a_document_go_with_it()
    {
        var (owner, viewer) = (await NewPersonAsync(), await NewPersonAsync());
        var document = await CreateAsync(owner);
        await ShareAsync(owner, document, Sharing(viewers: [new { user = viewer.Id }], minimumRank: "Captain"));

        (await owner.Caller.DeleteAsync($"/api/documents/{document}")).Expect(204);

        (await owner.Caller.GetAsync($"/api/documents/{document}")).ExpectProblem(403);
        var tuples = await (await Operator.CallerAsync()).GetAsync($"/svc/keto/relation-tuples?namespace=Document&object={document}");
        Assert.Empty(tuples.Expect(200)["relation_tuples"].EnumerateArray());
    }

    private async Task<(string Document, Person Person)> ArrangeAsync(string standing)
    {
        var owner = await NewPersonAsync();
        var document = await CreateAsync(owner);
        var person = standing switch
        {
            "owner" => owner,
            "editor by rank" or "viewer by rank" or "minimum rank" => await SharedPersonAsync("Captain"),
            _ when standing.StartsWith("rank above", StringComparison.Ordinal) => await SharedPersonAsync("Major"),
            "rank below the minimum" => await SharedPersonAsync("Lieutenant"),
            "general" => await SharedPersonAsync("General"),
            _ => await SharedPersonAsync(),
        };
        await ShareAsync(owner, document, standing switch
        {
            "editor" => Sharing(editors: [new { user = person.Id }]),
            "viewer" => Sharing(viewers: [new { user = person.Id }]),
            "editor by rank" or "rank above the editors' rank" => Sharing(editors: [new { rank = "Captain" }]),
            "viewer by rank" or "rank above the viewers' rank" => Sharing(viewers: [new { rank = "Captain" }]),
            "minimum rank" or "rank above the minimum" or "rank below the minimum" => Sharing(minimumRank: "Captain"),
            _ => Sharing(),
        });
        return (document, person);
    }

    private static object Sharing(object[]? editors = null, object[]? viewers = null, string? minimumRank = null) =>
        new { editors = editors ?? [], viewers = viewers ?? [], minimumRank };

    private static async Task ShareAsync(Person owner, string document, object sharing) =>
        (await owner.Caller.PutAsync($"/api/documents/{document}/sharing", sharing)).Expect(200);

    private async Task<string> CreateAsync(Person owner) => await Operator.CreateDocumentAsync(owner.Caller);

    private static void Answered(bool allowed, string required, Reply reply, int status)
    {
        if (allowed)
        {
            reply.Expect(status);
        }
        else
        {
            Assert.Equal(required, reply.ExpectProblem(403)["required"].GetString());
        }
    }
}
