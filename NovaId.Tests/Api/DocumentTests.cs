using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Api.Documents;
using NovaId.Tests.Storage;

namespace NovaId.Tests.Api;

/// <summary>On each storage.</summary>
public abstract class DocumentTests(TestStorage storage)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_its_owners_alone_until_it_is_shared()
    {
        await using var zone = await storage.StartAsync();
        var owner = zone.Gateway.AddPerson();
        var other = zone.Gateway.AddPerson("General");

        using var created = await zone.SendAsync(HttpMethod.Post, "/api/documents", owner, """{"title":"Plan","content":"Text"}""");
        var document = (await ApiZone.ReadAsync(created, 201)).AsObject();
        Assert.Equal(["id", "title", "content", "ownerId", "createdAt", "updatedAt"], document.Select(member => member.Key));
        Assert.Equal($"/api/documents/{document["id"]}", created.Headers.Location?.ToString());
        Assert.Equal(owner.ToString(), (string?)document["ownerId"]);

        using var mine = await zone.GetAsync(created.Headers.Location!.ToString(), owner);
        Assert.True(JsonNode.DeepEquals(document, await ApiZone.ReadAsync(mine, 200)));
        var path = $"/api/documents/{document["id"]}";
        using var read = await zone.GetAsync(path, other);
        using var changed = await zone.SendAsync(HttpMethod.Put, path, other, """{"title":"Mine","content":"now"}""");
        using var deleted = await zone.SendAsync(HttpMethod.Delete, path, other);
        using var shared = await zone.SendAsync(HttpMethod.Put, $"{path}/sharing", other, """{"editors":[],"viewers":[],"minimumRank":null}""");
        Assert.Equal("Document view", (string?)(await ApiZone.AssertStatusAsync(read, 403))!["required"]);
        Assert.Equal("Document edit", (string?)(await ApiZone.AssertStatusAsync(changed, 403))!["required"]);
        Assert.Equal("Document delete", (string?)(await ApiZone.AssertStatusAsync(deleted, 403))!["required"]);
        await ApiZone.AssertStatusAsync(shared, 403);
        using var still = await zone.GetAsync(path, owner);
        Assert.Equal("Plan", (string?)(await ApiZone.ReadAsync(still, 200))["title"]);
    }

    [Fact]
    public async Task A_document_that_is_not_there_is_refused_as_one_that_may_not_be_seen()
    {
        await using var zone = await storage.StartAsync();
        var person = zone.Gateway.AddPerson();
        var hidden = await zone.AddDocumentAsync(zone.Gateway.AddPerson());
        var forgotten = Guid.NewGuid();
        zone.Gateway.AddTuple("Document", forgotten.ToString(), "owners", person.ToString());

        var answers = new List<string>();
        foreach (var id in (Guid[])[hidden, Guid.NewGuid(), forgotten])
        {
            using var response = await zone.GetAsync($"/api/documents/{id}", person);
            var problem = (await ApiZone.AssertStatusAsync(response, 403))!.AsObject();
            problem.Remove("traceId");
            answers.Add(problem.ToJsonString());
        }

        Assert.Single(answers.Distinct());
        Assert.All((await zone.LogAsync()).Take(3), row => Assert.False(row.Allowed));
    }

    [Fact]
    public async Task Sharing_is_replaced_in_one_transaction()
    {
        await using var zone = await storage.StartAsync();
        var owner = zone.Gateway.AddPerson();
        var editor = zone.Gateway.AddPerson();
        var sergeant = zone.Gateway.AddPerson("Sergeant");
        var colonel = zone.Gateway.AddPerson("Colonel");
        var document = await zone.AddDocumentAsync(owner);
        var path = $"/api/documents/{document}";
        var sharing = $$"""{"editors":[{"user":"{{editor}}"}],"viewers":[{"rank":"Sergeant"}],"minimumRank":"Major"}""";
        zone.Gateway.ForgetCalls();

        using var shared = await zone.SendAsync(HttpMethod.Put, $"{path}/sharing", owner, sharing);

        Assert.Equal("Major", (string?)(await ApiZone.ReadAsync(shared, 200))["minimumRank"]);
        Assert.Single(zone.Gateway.Calls, call => call.IsWrite);
        Assert.Equal("200 200 200", $"{await GetAsync(editor)} {await GetAsync(sergeant)} {await GetAsync(colonel)}");
        Assert.Equal(403, await GetAsync(zone.Gateway.AddPerson("Captain")));
        using (var edited = await zone.SendAsync(HttpMethod.Put, path, editor, """{"title":"New","content":"text"}"""))
        {
            Assert.Equal("New", (string?)(await ApiZone.ReadAsync(edited, 200))["title"]);
        }

        using (var refused = await zone.SendAsync(HttpMethod.Put, path, sergeant, """{"title":"x","content":"x"}"""))
        {
            await ApiZone.AssertStatusAsync(refused, 403);
        }

        zone.Gateway.ForgetCalls();
        using var withdrawn = await zone.SendAsync(
            HttpMethod.Put,
            $"{path}/sharing",
            owner,
            $$"""{"editors":[],"viewers":[{"user":"{{editor}}"}],"minimumRank":null}""");
        await ApiZone.AssertStatusAsync(withdrawn, 200);
        Assert.Single(zone.Gateway.Calls, call => call.IsWrite);
        Assert.Equal(
            "200 403 403 200",
            $"{await GetAsync(editor)} {await GetAsync(sergeant)} {await GetAsync(colonel)} {await GetAsync(owner)}");

        async Task<int> GetAsync(Guid person)
        {
            using var response = await zone.GetAsync(path, person);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Deleting_a_document_takes_it_out_of_both()
    {
        await using var zone = await storage.StartAsync();
        var owner = zone.Gateway.AddPerson();
        var document = await zone.AddDocumentAsync(owner);

        using var deleted = await zone.SendAsync(HttpMethod.Delete, $"/api/documents/{document}", owner);

        await ApiZone.AssertStatusAsync(deleted, 204);
        Assert.DoesNotContain(zone.Gateway.Tuples, tuple => (string?)tuple["object"] == document.ToString());
        Assert.Null(await zone.Services.GetRequiredService<DocumentStore>().FindAsync(document, Cancelled));
    }

    [Fact]
    public async Task If_Keto_does_not_take_the_owner_no_document_remains()
    {
        await using var zone = await storage.StartAsync();
        var owner = zone.Gateway.AddPerson();
        FailWrites(zone);

        using var refused = await zone.SendAsync(HttpMethod.Post, "/api/documents", owner, """{"title":"a","content":"b"}""");

        await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Empty(await zone.Services.GetRequiredService<DocumentStore>().ListAsync(null, 10, Cancelled));
    }

    [Fact]
    public async Task If_Keto_does_not_let_go_the_document_remains()
    {
        await using var zone = await storage.StartAsync();
        var owner = zone.Gateway.AddPerson();
        var document = await zone.AddDocumentAsync(owner);
        FailWrites(zone);

        using var refused = await zone.SendAsync(HttpMethod.Delete, $"/api/documents/{document}", owner);

        await ApiZone.AssertStatusAsync(refused, 503);
        using var read = await zone.GetAsync($"/api/documents/{document}", owner);
        await ApiZone.AssertStatusAsync(read, 200);
    }

    [Fact]
    public async Task A_list_shows_what_the_caller_may_view_newest_first_and_page_by_page()
    {
        await using var zone = await storage.StartAsync();
        var person = zone.Gateway.AddPerson();
        var mine = new List<string>();
        for (var number = 0; number < 7; number++)
        {
            await CallTests.AddDocumentsAsync(zone, 9);
            mine.Insert(0, (await zone.AddDocumentAsync(person, $"Mine {number}")).ToString());
        }

        var seen = new List<string>();
        string? token = null;
        do
        {
            using var response = await zone.GetAsync($"/api/documents?pageSize=3{(token is null ? "" : $"&pageToken={token}")}", person);
            var page = await ApiZone.ReadAsync(response, 200);
            Assert.InRange(page["items"]!.AsArray().Count, 0, 3);
            seen.AddRange(page["items"]!.AsArray().Select(document => (string)document!["id"]!));
            Assert.All(page["items"]!.AsArray(), document =>
                Assert.Equal(["id", "title", "ownerId", "createdAt", "updatedAt"], document!.AsObject().Select(member => member.Key)));
            token = (string?)page["nextPageToken"];
        }
        while (token is not null);

        Assert.Equal(mine, seen);
    }

    [Fact]
    public async Task A_page_looks_at_a_bounded_number_of_documents_and_says_where_it_stopped()
    {
        await using var zone = await storage.StartAsync();
        var person = zone.Gateway.AddPerson();
        var oldest = await zone.AddDocumentAsync(person);
        await CallTests.AddDocumentsAsync(zone, 500);
        zone.Gateway.ForgetCalls();

        using var first = await zone.GetAsync("/api/documents", person);
        var page = await ApiZone.ReadAsync(first, 200);
        Assert.Empty(page["items"]!.AsArray());
        Assert.Equal(10, zone.Gateway.Calls.Count(call => call.IsBatchCheck));

        using var second = await zone.GetAsync($"/api/documents?pageToken={page["nextPageToken"]}", person);
        page = await ApiZone.ReadAsync(second, 200);
        Assert.Equal(oldest.ToString(), (string?)Assert.Single(page["items"]!.AsArray())!["id"]);
        Assert.Null(page["nextPageToken"]);
    }

    [Fact]
    public async Task A_page_token_of_somebody_else_shows_nothing_more()
    {
        await using var zone = await storage.StartAsync();
        var owner = zone.Gateway.AddPerson();
        await zone.AddDocumentAsync(owner);
        await zone.AddDocumentAsync(owner);
        using var first = await zone.GetAsync("/api/documents?pageSize=1", owner);
        var token = (string?)(await ApiZone.ReadAsync(first, 200))["nextPageToken"];
        Assert.NotNull(token);

        using var stolen = await zone.GetAsync($"/api/documents?pageToken={token}", zone.Gateway.AddPerson("General"));

        Assert.Empty((await ApiZone.ReadAsync(stolen, 200))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_client_owns_what_it_makes()
    {
        await using var zone = await storage.StartAsync();

        using var created = await zone.SendAsClientAsync(HttpMethod.Post, "/api/documents", "a-program", """{"title":"a","content":"b"}""");

        var document = await ApiZone.ReadAsync(created, 201);
        Assert.Equal("client:a-program", (string?)document["ownerId"]);
        Assert.True(zone.Gateway.HasTuple("Document", (string)document["id"]!, "owners", "client:a-program"));
        using var read = await zone.SendAsClientAsync(HttpMethod.Get, $"/api/documents/{document["id"]}", "another-program");
        await ApiZone.AssertStatusAsync(read, 403);
    }

    private static void FailWrites(ApiZone zone) => zone.Gateway.Intercept = http =>
    {
        if (http.Request.Method != "PATCH")
        {
            return Task.FromResult(false);
        }

        http.Response.StatusCode = 502;
        return Task.FromResult(true);
    };

    public sealed class OnSqlite() : DocumentTests(TestStorage.Sqlite);

    public sealed class OnPostgres(PostgresServer server) : DocumentTests(TestStorage.Postgres(server));
}
