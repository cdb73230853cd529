using System.Text;

namespace NovaId.Contract.Api;

/// <summary>Requests that make no sense: each is refused in plain words, and changes nothing.</summary>
public abstract class RequestContract(IZone zone) : ZoneContract(zone)
{
    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"title\":\"x\",\"content\":\"x\",}")]
    [InlineData("{\"title\":\"x\" \"content\":\"x\"}")]
    [InlineData("{'title':'x','content':'x'}")]
    [InlineData("")]
    [InlineData("null")]
    public async Task What_is_not_the_JSON_that_was_expected_is_refused(string content)
    {
        using var json = new StringContent(content, Encoding.UTF8, "application/json");

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", json)).ExpectProblem(400);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var bytes = new ByteArrayContent([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x7D]);
        bytes.Headers.ContentType = new("application/json");

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", bytes)).ExpectProblem(400);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task What_is_not_called_JSON_is_refused(string type)
    {
        using var text = new StringContent("{\"title\":\"x\",\"content\":\"x\"}", Encoding.UTF8, type);

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", text)).ExpectProblem(415);
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_too_large()
    {
        // As text, whose length is told: the API can refuse it before it reads it.
        using var content = new StringContent(Document(10 * 1024 * 1024), Encoding.UTF8, "application/json");

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", content)).ExpectProblem(413);
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_length_is_too_large_all_the_same()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Document(500 * 1024)));
        using var json = new StreamContent(new UnseekableStream(stream));
        json.Headers.ContentType = new("application/json");

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", json)).ExpectProblem(413);
    }

    [Fact]
    public async Task JSON_that_is_nested_without_end_is_refused()
    {
        using var json = new StringContent($"{new string('[', 10_000)}{new string(']', 10_000)}", Encoding.UTF8, "application/json");

        (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", json)).ExpectProblem(400);
    }

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/api/users/00000000-0000-4000-8000-000000000000/nothing")]
    [InlineData("GET", "/api/documents/00000000-0000-4000-8000-000000000000/sharing/x")]
    public async Task A_route_that_the_API_does_not_have_is_not_found(string method, string target) =>
        (await (await SharedPersonAsync("General")).Caller.SendAsync(HttpMethod.Parse(method), target)).ExpectProblem(404);

    [Theory]
    [InlineData("PATCH", "/api/me")]
    [InlineData("PUT", "/api/documents")]
    [InlineData("POST", "/api/ranks")]
    public async Task A_method_that_an_endpoint_does_not_have_is_refused(string method, string target) =>
        (await (await SharedPersonAsync("General")).Caller.SendAsync(HttpMethod.Parse(method), target, new { })).ExpectProblem(405);

    [Theory]
    [InlineData("/api/users%2f00000000-0000-4000-8000-000000000000")]
    [InlineData("/api/documents/x%2F..%2Fme")]
    [InlineData("/api/documents%5Cx")]
    public async Task An_encoded_slash_is_refused(string target) =>
        (await (await SharedPersonAsync("General")).Caller.GetAsync(target)).ExpectProblem(400);

    [Theory]
    [InlineData("/api/ME")]
    [InlineData("/api/Users")]
    public async Task A_path_in_capitals_does_not_go_around_a_permission(string target)
    {
        var reply = await (await SharedPersonAsync("Private")).Caller.GetAsync(target);

        // ASP.NET Core does not tell letters apart: the endpoint answers, and asks what it always asks.
        reply.Expect(target == "/api/ME" ? 200 : 403);
    }

    [Fact]
    public async Task A_refusal_tells_nothing_of_the_inside()
    {
        using var json = new StringContent("{", Encoding.UTF8, "application/json");
        var body = (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", json)).ExpectProblem(400).Body;

        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_is_kept_by_no_cache_and_read_as_nothing_else()
    {
        var reply = (await (await SharedPersonAsync()).Caller.GetAsync("/api/me")).Expect(200);

        Assert.Equal(["nosniff"], reply.Headers.GetValues("X-Content-Type-Options"));
        Assert.True(reply.Headers.CacheControl?.NoStore);
        Assert.False(reply.Headers.Contains("Server"));
    }

    private static string Document(int length) => $"{{\"title\":\"x\",\"content\":\"{new string('x', length)}\"}}";
}
