using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace NovaId.Tests.Api;

public sealed class RequestFormTests
{
    private const string Document = "/api/documents";
    private static readonly string SomeId = Guid.NewGuid().ToString();

    [Theory]
    [InlineData(Document, """{"title":"a","content":"b" """)]
    [InlineData(Document, "")]
    [InlineData(Document, "null")]
    [InlineData(Document, "[]")]
    [InlineData(Document, "{}")]
    [InlineData(Document, """{"title":"a"}""")]
    [InlineData(Document, """{"title":null,"content":"b"}""")]
    [InlineData(Document, """{"title":1,"content":"b"}""")]
    [InlineData(Document, """{"Title":"a","content":"b"}""")]
    [InlineData(Document, """{"title":"a","content":"b","ownerId":"11111111-2222-4333-8444-555555555555"}""")]
    [InlineData(Document, """{"title":"a","title":"c","content":"b"}""")]
    [InlineData(Document, """{"title":"a","content":"b",}""")]
    [InlineData(Document, """{"title":"a",/* and */"content":"b"}""")]
    [InlineData(Document, """{"title":"a","content":"b"} {}""")]
    [InlineData(Document, """{"title":" ","content":"b"}""")]
    [InlineData("/api/checks", """{"checks":[]}""")]
    [InlineData("/api/checks", """{"checks":null}""")]
    [InlineData("/api/checks", """{"checks":[null]}""")]
    [InlineData("/api/checks", """{"checks":[{"namespace":"Rank","object":"Major","relation":"members"}]}""")]
    [InlineData("/api/checks", """{"checks":[{"namespace":"Rank","object":"Emperor","relation":"atLeast"}]}""")]
    [InlineData("/api/checks", """{"checks":[{"namespace":"Rank","object":"major","relation":"atLeast"}]}""")]
    [InlineData("/api/checks", """{"checks":[{"namespace":"Capability","object":"everything","relation":"allow"}]}""")]
    [InlineData("/api/checks", """{"checks":[{"namespace":"Document","object":"all","relation":"view"}]}""")]
    [InlineData("/api/checks", """{"checks":[{"namespace":"User","object":"x","relation":"y"}]}""")]
    [InlineData("/api/checks", """{"checks":[{"namespace":"Rank","object":"Major","relation":"atLeast","subject_id":"x"}]}""")]
    [InlineData("/api/keys", """{"name":"","scopes":["novaid.read"],"capabilities":[]}""")]
    [InlineData("/api/keys", """{"name":"a","scopes":[],"capabilities":[]}""")]
    [InlineData("/api/keys", """{"name":"a","scopes":["keto.check"],"capabilities":[]}""")]
    [InlineData("/api/keys", """{"name":"a","scopes":["novaid.read","novaid.read"],"capabilities":[]}""")]
    [InlineData("/api/keys", """{"name":"a","scopes":["novaid.read"],"capabilities":["everything"]}""")]
    [InlineData("/api/keys", """{"name":"a","scopes":["novaid.read"]}""")]
    public async Task A_body_that_does_not_fit_is_refused_and_nothing_changed(string path, string body)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");

        using var refused = await zone.SendAsync(HttpMethod.Post, path, person, body);

        await ApiZone.AssertStatusAsync(refused, 400);
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
    }

    [Theory]
    [InlineData("rank", """{"rank":"Emperor"}""")]
    [InlineData("rank", """{"rank":"captain"}""")]
    [InlineData("rank", """{"rank":5}""")]
    [InlineData("rank", """{"rank":"5"}""")]
    [InlineData("rank", """{"rank":"Captain","reason":"x"}""")]
    [InlineData("rank", """{"rank":["Captain"]}""")]
    [InlineData("state", """{"state":"gone"}""")]
    [InlineData("state", """{"state":null}""")]
    [InlineData("state", """{"state":"inactive","traits":{}}""")]
    public async Task A_change_of_a_person_that_does_not_fit_is_refused_and_nothing_changed(string what, string body)
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");
        var sergeant = zone.Gateway.AddPerson("Sergeant");

        using var refused = what == "rank"
            ? await zone.SendAsync(HttpMethod.Put, $"/api/users/{sergeant}/rank", general, body)
            : await zone.SendAsync(HttpMethod.Patch, $"/api/users/{sergeant}", general, body);

        await ApiZone.AssertStatusAsync(refused, 400);
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
        Assert.Equal(["Sergeant"], zone.Gateway.RanksOf(sergeant));
    }

    [Theory]
    [InlineData("""{"editors":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[{}],"viewers":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[{"user":"all"}],"viewers":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[{"rank":"Emperor"}],"viewers":[],"minimumRank":null}""")]
    [InlineData("""{"editors":[],"viewers":[{"user":"11111111-2222-4333-8444-555555555555","rank":"Major"}],"minimumRank":null}""")]
    [InlineData("""{"editors":[],"viewers":[],"minimumRank":"Emperor"}""")]
    public async Task A_sharing_that_does_not_fit_is_refused_and_nothing_changed(string body)
    {
        await using var zone = await ApiZone.StartAsync();
        var owner = zone.Gateway.AddPerson();
        var document = await zone.AddDocumentAsync(owner);
        zone.Gateway.ForgetCalls();

        using var refused = await zone.SendAsync(HttpMethod.Put, $"/api/documents/{document}/sharing", owner, body);

        await ApiZone.AssertStatusAsync(refused, 400);
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
    }

    [Theory]
    [InlineData("GET", "/api/documents/x", 400)]
    [InlineData("GET", "/api/documents/11111111-2222-4333-8444-55555555555", 400)]
    [InlineData("GET", "/api/documents/AAAAAAAA-2222-4333-8444-555555555555", 400)]
    [InlineData("GET", "/api/documents/{11111111-2222-4333-8444-555555555555}", 400)]
    [InlineData("GET", "/api/documents/11111111222243338444555555555555", 400)]
    [InlineData("DELETE", "/api/documents/*", 400)]
    [InlineData("GET", "/api/users/1", 400)]
    [InlineData("DELETE", "/api/users/client:novaid-operator/sessions", 400)]
    [InlineData("PUT", "/api/users/AAAAAAAA-2222-4333-8444-555555555555/rank", 400)]
    [InlineData("GET", "/api/logs/users/me", 400)]
    [InlineData("DELETE", "/api/keys/novaid-operator", 400)]
    [InlineData("DELETE", "/api/keys/key-11111111-2222-4333-8444-555555555555-ABCDEF0123456789", 400)]
    [InlineData("DELETE", "/api/keys/key-11111111-2222-4333-8444-555555555555-abcdef012345678", 400)]
    [InlineData("GET", "/api/ranks/Emperor/access", 404)]
    [InlineData("GET", "/api/ranks/major/access", 404)]
    [InlineData("GET", "/api/ranks/6/access", 404)]
    [InlineData("GET", "/api/ranks/Emperor/members", 404)]
    public async Task A_bad_id_is_refused_before_anyone_is_asked(string method, string path, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");

        using var refused = await zone.SendAsync(new HttpMethod(method), path, general, method == "PUT" ? """{"rank":null}""" : null);

        await ApiZone.AssertStatusAsync(refused, status);
        Assert.Empty(zone.Gateway.ServiceCalls);
    }

    [Theory]
    [InlineData("/api/users?pageSize=0")]
    [InlineData("/api/users?pageSize=101")]
    [InlineData("/api/users?pageSize=-1")]
    [InlineData("/api/users?pageSize=ten")]
    [InlineData("/api/users?pageSize=")]
    [InlineData("/api/users?pageSize=10&pageSize=20")]
    [InlineData("/api/users?pageToken=")]
    [InlineData("/api/users?pageToken=%00")]
    [InlineData("/api/users?pageToken=made-up")]
    [InlineData("/api/ranks/Major/members?pageToken=made-up")]
    [InlineData("/api/documents?pageToken=made-up")]
    [InlineData("/api/documents?pageToken=bAAAAAAAAAAB")]
    [InlineData("/api/documents?pageSize=1000")]
    [InlineData("/api/logs?pageToken=ZAAAAAAAAAAB")]
    [InlineData("/api/logs?allowed=maybe")]
    [InlineData("/api/logs?subject=")]
    [InlineData("/api/keys?owner=me")]
    public async Task A_page_that_cannot_be_is_refused(string path)
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");

        using var refused = await zone.GetAsync(path, general);

        await ApiZone.AssertStatusAsync(refused, 400);
    }

    [Theory]
    [InlineData("/api/documents/11111111-2222-4333-8444-555555555555%2fsharing")]
    [InlineData("/api%2Fme")]
    [InlineData("/api/documents/..%2f..%2fhealth")]
    [InlineData("/api/health%5c")]
    [InlineData("/api/docs/%5C..%5Cx")]
    [InlineData("/api\\health")]
    public async Task An_encoded_slash_or_a_backslash_is_refused(string target)
    {
        await using var zone = await ApiZone.StartAsync();

        var answer = await SendRawAsync(zone, $"GET {target} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Empty(zone.Gateway.Calls);
    }

    [Fact]
    public async Task An_encoded_slash_in_the_query_is_nobodys_business()
    {
        await using var zone = await ApiZone.StartAsync();

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/health?a=%2f", idToken: null);

        await ApiZone.AssertStatusAsync(response, 200);
    }

    [Theory]
    [InlineData(Document, 10 * 1024 * 1024, false)]
    [InlineData(Document, (12 * (200 + 32768)) + (16 * 1024) + 1, false)]
    [InlineData("/api/checks", (64 * 1024) + 1, false)]
    [InlineData(Document, 10 * 1024 * 1024, true)]
    [InlineData(Document, 500 * 1024, true)]
    [InlineData("/api/checks", 65 * 1024, true)]
    [InlineData("/api/checks", 10 * 1024 * 1024, false)]
    [InlineData("/api/checks", 10 * 1024 * 1024, true)]
    public async Task A_large_body_is_refused_and_nothing_changed(string path, int size, bool isChunked)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();

        using var refused = await zone.SendAsync(
            HttpMethod.Post,
            path,
            zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString())),
            configure: request =>
            {
                var text = new string('x', size);
                var content = Encoding.UTF8.GetBytes(path == Document
                    ? $$"""{"title":"a","content":"{{text}}"}"""
                    : $$"""{"checks":[{"namespace":"Rank","object":"{{text}}","relation":"atLeast"}]}""");
                request.Content = new StreamContent(new MemoryStream(content));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.TransferEncodingChunked = isChunked;
            });

        await ApiZone.AssertStatusAsync(refused, 413);
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
    }

    [Theory]
    [InlineData(Document)]
    [InlineData("/api/checks")]
    [InlineData("/api/keys")]
    public async Task A_body_that_is_not_JSON_is_refused(string path)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();

        using var refused = await zone.SendAsync(
            HttpMethod.Post,
            path,
            zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString())),
            configure: request => request.Content = new StringContent("title=a", Encoding.UTF8, "application/x-www-form-urlencoded"));

        await ApiZone.AssertStatusAsync(refused, 415);
        Assert.DoesNotContain(zone.Gateway.Calls, call => call.IsWrite);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/svc/kratos/admin/identities", 404)]
    [InlineData("DELETE", "/api/me/permissions", 405)]
    [InlineData("POST", "/api/health", 405)]
    [InlineData("TRACE", "/api/me/permissions", 405)]
    public async Task What_is_not_there_says_nothing(string method, string path, int status)
    {
        await using var zone = await ApiZone.StartAsync();

        using var refused = await zone.SendAsync(new HttpMethod(method), path, idToken: null);

        await ApiZone.AssertStatusAsync(refused, status);
        Assert.Empty(zone.Gateway.Calls);
        if (status == 405)
        {
            Assert.Equal(["GET", "HEAD"], refused.Content.Headers.Allow);
        }
    }

    [Fact]
    public async Task HEAD_answers_as_GET_without_a_body()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();

        using var health = await zone.SendAsync(HttpMethod.Head, "/api/health", idToken: null);
        using var me = await zone.SendAsync(HttpMethod.Head, "/api/me", person);
        using var refused = await zone.SendAsync(HttpMethod.Head, "/api/users", person);

        Assert.Equal([200, 200, 403], [(int)health.StatusCode, (int)me.StatusCode, (int)refused.StatusCode]);
        Assert.Empty(await me.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["HEAD", "HEAD"], (await zone.LogAsync()).Select(row => row.Method));
    }

    [Fact]
    public async Task An_answer_to_a_caller_is_stored_nowhere()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();

        using var response = await zone.GetAsync("/api/me", person);

        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        var body = $$"""{"title":"a","content":{{new string('[', 5000)}}{{new string(']', 5000)}}}""";

        using var refused = await zone.SendAsync(HttpMethod.Post, Document, person, body);

        await ApiZone.AssertStatusAsync(refused, 400);
    }

    [Fact]
    public async Task Fifty_one_questions_are_too_many()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        var questions = string.Join(',', Enumerable.Repeat($$"""{"namespace":"Document","object":"{{SomeId}}","relation":"view"}""", 51));

        using var refused = await zone.SendAsync(HttpMethod.Post, "/api/checks", person, $$"""{"checks":[{{questions}}]}""");

        await ApiZone.AssertStatusAsync(refused, 400);
        Assert.Empty(zone.Gateway.ServiceCalls);
    }

    private static async Task<string> SendRawAsync(ApiZone zone, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(zone.Http.BaseAddress!.Host, zone.Http.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
