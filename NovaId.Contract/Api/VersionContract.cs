namespace NovaId.Contract.Api;

/// <summary>What is changed as a whole has a version, and nobody overwrites what they have not read (RFC 9110, section 13).</summary>
public abstract class VersionContract(IZone zone) : ZoneContract(zone)
{
    private const int Editors = 8;

    /// <summary>The resources with a version.</summary>
    public static TheoryData<string> Resources { get; } = ["document", "sharing", "rank", "user"];

    /// <summary>What is no list of entity tags.</summary>
    public static TheoryData<string> Malformed { get; } = ["abc", "\"abc", "abc\"", "W/abc", "\"a\" \"b\"", "*, \"a\"", "\"a\", *", "'a'", "**"];

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task The_second_of_two_editors_hears_that_it_has_changed(string kind)
    {
        var (resource, editor) = await NewResourceAsync(kind);
        var first = Tag((await editor.GetAsync(resource)).Expect(200));
        var second = Tag((await editor.GetAsync(resource)).Expect(200));
        Assert.Equal(first, second);

        var changed = (await ChangeAsync(kind, editor.With("If-Match", first), resource, 1)).Expect(200);
        (await ChangeAsync(kind, editor.With("If-Match", second), resource, 2)).ExpectProblem(412);

        var now = (await editor.GetAsync(resource)).Expect(200);
        Assert.NotEqual(first, Tag(changed));
        Assert.Equal(Tag(changed), Tag(now));
        Assert.Equal(changed.Body, now.Body);
        Assert.Equal(resource, Assert.Single(changed.ContentHeaders.GetValues("Content-Location")));
        (await ChangeAsync(kind, editor.With("If-Match", Tag(changed)), resource, 2)).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Of_many_editors_at_once_one_gets_through(string kind)
    {
        var (resource, editor) = await NewResourceAsync(kind);
        for (var round = 0; round < 3; round++)
        {
            var read = Tag((await editor.GetAsync(resource)).Expect(200));

            // They all want the same, and not what is there, since somebody who changes nothing does not change the version of a content.
            var number = round % 2 == 0 ? 1 : 2;
            var replies = await Task.WhenAll(Enumerable.Range(0, Editors).Select(_ =>
                ChangeAsync(kind, editor.With("If-Match", read), resource, number)));

            var losers = replies.Where(reply => reply.Status != 200).ToArray();
            losers.Expect(412);
            Assert.All(losers, reply => reply.ExpectProblem(412));
            Assert.Single(replies, reply => reply.Status == 200);
            var winner = replies.Single(reply => reply.Status == 200);
            Assert.Equal(winner.Body, (await editor.GetAsync(resource)).Expect(200).Body);
        }
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_change_without_a_condition_is_done(string kind)
    {
        var (resource, editor) = await NewResourceAsync(kind);

        (await ChangeAsync(kind, editor, resource, 1)).Expect(200);
        (await ChangeAsync(kind, editor.With("If-Match", "*"), resource, 2)).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Any_of_several_versions_will_do_and_a_weak_one_will_not(string kind)
    {
        var (resource, editor) = await NewResourceAsync(kind);
        var read = Tag((await editor.GetAsync(resource)).Expect(200));

        (await ChangeAsync(kind, editor.With("If-Match", $"W/{read}"), resource, 1)).ExpectProblem(412);
        (await ChangeAsync(kind, editor.With("If-Match", "\"another\", \"and, another\""), resource, 1)).ExpectProblem(412);
        (await ChangeAsync(kind, editor.With("If-None-Match", read), resource, 1)).ExpectProblem(412);
        (await ChangeAsync(kind, editor.With("If-None-Match", $"W/{read}"), resource, 1)).ExpectProblem(412);
        (await ChangeAsync(kind, editor.With("If-None-Match", "*"), resource, 1)).ExpectProblem(412);
        Assert.Equal(read, Tag((await editor.GetAsync(resource)).Expect(200)));
        (await ChangeAsync(kind, editor.With("If-Match", $",\"another\" , {read},"), resource, 1)).Expect(200);
        (await ChangeAsync(kind, editor.With("If-None-Match", read), resource, 2)).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Who_has_read_it_need_not_read_it_again(string kind)
    {
        var (resource, editor) = await NewResourceAsync(kind);
        var read = Tag((await editor.GetAsync(resource)).Expect(200));

        foreach (var header in (string[])[read, $"W/{read}", $"\"another\", {read}", "*"])
        {
            var unchanged = (await editor.With("If-None-Match", header).GetAsync(resource)).Expect(304);
            Assert.Equal(read, Tag(unchanged));
            Assert.Empty(unchanged.Body);
        }

        (await editor.With("If-None-Match", "\"another\"").GetAsync(resource)).Expect(200);
        (await editor.With("If-None-Match", read).SendAsync(HttpMethod.Head, resource)).Expect(304);
        (await editor.With("If-Match", "\"another\"").GetAsync(resource)).ExpectProblem(412);
        (await editor.With("If-Match", read).GetAsync(resource)).Expect(200);
        (await ChangeAsync(kind, editor, resource, 1)).Expect(200);
        (await editor.With("If-None-Match", read).GetAsync(resource)).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_no_list_of_versions_is_refused(string header)
    {
        var person = await NewPersonAsync();
        var resource = $"/api/documents/{await Operator.CreateDocumentAsync(person.Caller)}";
        var read = Tag((await person.Caller.GetAsync(resource)).Expect(200));

        foreach (var name in (string[])["If-Match", "If-None-Match"])
        {
            (await person.Caller.With(name, header).PutAsync(resource, new { title = "x", content = "x" })).ExpectProblem(400);
            (await person.Caller.With(name, header).GetAsync(resource)).ExpectProblem(400);
            (await person.Caller.With(name, header).DeleteAsync(resource)).ExpectProblem(400);
        }

        Assert.Equal(read, Tag((await person.Caller.GetAsync(resource)).Expect(200)));
    }

    [Fact]
    public async Task A_document_is_deleted_in_the_version_that_was_read_and_in_no_other()
    {
        var person = await NewPersonAsync();
        var made = (await person.Caller.PostAsync("/api/documents", new { title = "x", content = "x" })).Expect(201);
        var resource = made.Location.OriginalString;
        Assert.Equal(Tag(made), Tag((await person.Caller.GetAsync(resource)).Expect(200)));
        (await person.Caller.PutAsync(resource, new { title = "y", content = "y" })).Expect(200);

        (await person.Caller.With("If-Match", Tag(made)).DeleteAsync(resource)).ExpectProblem(412);

        var now = Tag((await person.Caller.GetAsync(resource)).Expect(200));
        (await person.Caller.With("If-Match", now).DeleteAsync(resource)).Expect(204);
    }

    [Fact]
    public async Task Saying_the_same_again_is_another_version_of_a_document()
    {
        var person = await NewPersonAsync();
        var resource = $"/api/documents/{await Operator.CreateDocumentAsync(person.Caller)}";
        var tags = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            tags.Add(Tag((await person.Caller.PutAsync(resource, new { title = "x", content = "x" })).Expect(200)));
        }

        Assert.Equal(tags, tags.Distinct());
    }

    [Fact]
    public async Task Who_may_not_change_it_hears_that_and_nothing_of_its_version()
    {
        var owner = await NewPersonAsync();
        var resource = $"/api/documents/{await Operator.CreateDocumentAsync(owner.Caller)}";
        var read = Tag((await owner.Caller.GetAsync(resource)).Expect(200));
        var stranger = (await SharedPersonAsync("General")).Caller;

        foreach (var header in (string[])[read, "\"another\"", "*", "malformed"])
        {
            (await stranger.With("If-Match", header).PutAsync(resource, new { title = "x", content = "x" })).ExpectProblem(403);
            (await stranger.With("If-None-Match", header).GetAsync(resource)).ExpectProblem(403);
        }
    }

    [Fact]
    public async Task A_change_of_what_has_no_version_is_bound_to_none()
    {
        var person = (await NewPersonAsync()).Caller;
        var key = new { name = "x", scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() };

        (await person.With("If-Match", "\"a\"").PostAsync("/api/keys", key)).ExpectProblem(412);
        (await person.With("If-Match", "a").PostAsync("/api/keys", key)).ExpectProblem(400);

        Assert.Empty((await person.GetAsync("/api/keys")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task The_documentation_is_read_again_only_if_it_has_changed()
    {
        var tag = Tag((await Anonymous.GetAsync("/api/openapi.json")).Expect(200));

        (await Anonymous.With("If-None-Match", tag).GetAsync("/api/openapi.json")).Expect(304);
    }

    private static string Tag(Reply reply)
    {
        var tag = Assert.Single(reply.Headers.GetValues("ETag"));
        Assert.Matches("^\"[!#-~]+\"$", tag);
        return tag;
    }

    /// <summary>A resource of the case's own, and somebody who may change it.</summary>
    private async Task<(string Resource, Caller Editor)> NewResourceAsync(string kind)
    {
        var person = await NewPersonAsync();
        switch (kind)
        {
            case "document":
                return ($"/api/documents/{await Operator.CreateDocumentAsync(person.Caller)}", person.Caller);
            case "sharing":
                return ($"/api/documents/{await Operator.CreateDocumentAsync(person.Caller)}/sharing", person.Caller);
            case "rank":
                return ($"/api/users/{person.Id}/rank", (await SharedPersonAsync("General")).Caller);
            default:
                return ($"/api/users/{person.Id}", (await SharedPersonAsync("General")).Caller);
        }
    }

    /// <summary>One of two changes, neither of which leaves a new resource as it is, and each undoes the other.</summary>
    private static Task<Reply> ChangeAsync(string kind, Caller caller, string resource, int number) => kind switch
    {
        "document" => caller.PutAsync(resource, new { title = $"Title {number}", content = $"Content {number}" }),
        "sharing" => caller.PutAsync(resource, new { editors = Array.Empty<object>(), viewers = new[] { new { rank = number == 1 ? "Major" : "Captain" } } }),
        "rank" => caller.PutAsync(resource, new { rank = number == 1 ? "Major" : "Captain" }),
        _ => caller.PatchAsync(resource, new { state = number == 1 ? "inactive" : "active" }),
    };
}
