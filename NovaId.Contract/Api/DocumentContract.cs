namespace NovaId.Contract.Api;

/// <summary>Documents: making, reading, changing, deleting and listing them.</summary>
public abstract class DocumentContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task Anyone_makes_a_document_and_owns_it()
    {
        var person = await NewPersonAsync();

        var made = (await person.Caller.PostAsync("/api/documents", new { title = "Orders", content = "Ünïcödé 🎖" })).Expect(201);

        Assert.Equal($"/api/documents/{made["id"].GetString()}", made.Location.OriginalString);
        Assert.Equal(person.Id, made["ownerId"].GetString());
        var read = (await person.Caller.GetAsync(made.Location.OriginalString)).Expect(200);
        Assert.Equal("Orders", read["title"].GetString());
        Assert.Equal("Ünïcödé 🎖", read["content"].GetString());
        Assert.InRange(read["createdAt"].GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
        (await person.Caller.DeleteAsync(made.Location.OriginalString)).Expect(204);
    }

    [Fact]
    public async Task A_document_is_changed()
    {
        var person = await NewPersonAsync();
        var id = await Operator.CreateDocumentAsync(person.Caller);

        var content = new { title = "New title", content = "New content" };
        var changed = (await person.Caller.PutAsync($"/api/documents/{id}", content)).Expect(200);

        Assert.Equal("New title", changed["title"].GetString());
        Assert.Equal("New content", (await person.Caller.GetAsync($"/api/documents/{id}")).Expect(200)["content"].GetString());
        Assert.True(changed["updatedAt"].GetDateTimeOffset() >= changed["createdAt"].GetDateTimeOffset());
    }

    [Fact]
    public async Task A_document_that_was_deleted_is_gone()
    {
        var person = await NewPersonAsync();
        var id = await Operator.CreateDocumentAsync(person.Caller);

        (await person.Caller.DeleteAsync($"/api/documents/{id}")).Expect(204);

        (await person.Caller.GetAsync($"/api/documents/{id}")).ExpectProblem(403);
        (await person.Caller.DeleteAsync($"/api/documents/{id}")).ExpectProblem(403);
    }

    [Fact]
    public async Task Nobody_learns_whether_a_document_exists_that_they_may_not_see()
    {
        var (owner, general) = (await NewPersonAsync(), await SharedPersonAsync("General"));
        var id = await Operator.CreateDocumentAsync(owner.Caller);

        var hidden = (await general.Caller.GetAsync($"/api/documents/{id}")).ExpectProblem(403);
        var missing = (await general.Caller.GetAsync($"/api/documents/{Guid.NewGuid()}")).ExpectProblem(403);

        Assert.Equal(missing["required"].GetString(), hidden["required"].GetString());
        Assert.Equal(missing["title"].GetString(), hidden["title"].GetString());
    }

    [Fact]
    public async Task A_list_holds_what_one_may_view_and_nothing_else()
    {
        var (owner, viewer, stranger) = (await NewPersonAsync(), await NewPersonAsync(), await NewPersonAsync());
        var shared = await Operator.CreateDocumentAsync(owner.Caller, "Shared");
        var kept = await Operator.CreateDocumentAsync(owner.Caller, "Kept");
        var sharing = new { editors = Array.Empty<object>(), viewers = new[] { new { user = viewer.Id } }, minimumRank = (string?)null };
        (await owner.Caller.PutAsync($"/api/documents/{shared}/sharing", sharing)).Expect(200);

        Assert.Equal(new[] { kept, shared }.Order(), (await ListAsync(owner)).Order());
        Assert.Equal([shared], await ListAsync(viewer));
        Assert.Empty(await ListAsync(stranger));
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        var person = await NewPersonAsync();
        var made = new List<string>();
        for (var count = 0; count < 3; count++)
        {
            made.Add(await Operator.CreateDocumentAsync(person.Caller));
        }

        Assert.Equal(made.Order(), (await ListAsync(person, pageSize: 2)).Order());
    }

    [Fact]
    public async Task A_list_shows_no_content()
    {
        var person = await NewPersonAsync();
        await Operator.CreateDocumentAsync(person.Caller);

        var list = (await person.Caller.GetAsync("/api/documents?pageSize=100")).Expect(200);

        var item = Assert.Single(list["items"].EnumerateArray());
        Assert.False(item.TryGetProperty("content", out _));
        Assert.Equal(person.Id, item.GetProperty("ownerId").GetString());
    }

    [Theory]
    [InlineData("""{"title":"","content":"x"}""")]
    [InlineData("""{"title":"x"}""")]
    [InlineData("""{"content":"x"}""")]
    [InlineData("""{"title":null,"content":"x"}""")]
    [InlineData("""{"title":"x","content":"x","ownerId":"00000000-0000-4000-8000-000000000000"}""")]
    [InlineData("""{"title":"x","content":"x","id":"00000000-0000-4000-8000-000000000000"}""")]
    [InlineData("""{"title":1,"content":"x"}""")]
    public async Task What_is_no_document_is_refused(string content)
    {
        using var json = new StringContent(content, System.Text.Encoding.UTF8, "application/json");

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", json)).ExpectProblem(400);
    }

    [Theory]
    [InlineData("""{"editors":[],"viewers":[{"user":"not-an-id"}],"minimumRank":null}""")]
    [InlineData("""{"editors":[],"viewers":[{"rank":"Marshal"}],"minimumRank":null}""")]
    [InlineData("""{"editors":[{"user":"00000000-0000-4000-8000-000000000000","rank":"General"}],"viewers":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[{}],"viewers":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[],"viewers":[],"minimumRank":"Marshal"}""")]
    [InlineData("""{"editors":[],"viewers":[],"minimumRank":null,"owners":[]}""")]
    public async Task What_is_no_sharing_is_refused(string content)
    {
        var person = await NewPersonAsync();
        var id = await Operator.CreateDocumentAsync(person.Caller);
        using var json = new StringContent(content, System.Text.Encoding.UTF8, "application/json");

        (await person.Caller.PutAsync($"/api/documents/{id}/sharing", json)).ExpectProblem(400);
    }

    [Fact]
    public async Task A_bad_id_is_refused() =>
        (await (await SharedPersonAsync()).Caller.GetAsync("/api/documents/1")).ExpectProblem(400);

    [Fact]
    public async Task A_client_owns_the_documents_it_makes()
    {
        var client = await Operator.CreateClientAsync();
        var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read novaid.write"));

        var id = await Operator.CreateDocumentAsync(caller);

        (await caller.GetAsync($"/api/documents/{id}")).Expect(200);
        (await (await SharedPersonAsync("General")).Caller.GetAsync($"/api/documents/{id}")).ExpectProblem(403);
    }

    private static Task<List<string>> ListAsync(Person person, int pageSize = 100) => person.Caller.ListAsync("/api/documents", pageSize);
}
