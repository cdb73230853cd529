using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace NovaId.Contract.Api;

/// <summary>Bodies as clients write them: what they call themselves, how they are coded, and how long they are.</summary>
public abstract class BodyContract(IZone zone) : ZoneContract(zone)
{
    private const string Document = """{"title":"x","content":"x"}""";

    /// <summary>What is JSON, however it is written.</summary>
    public static TheoryData<string> Json { get; } =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=\"utf-8\"", "application/json;charset=UTF-8",
        "APPLICATION/JSON; CHARSET=\"Utf-8\"", "application/json; charset=utf8", "application/json; charset=\"utf\\-8\"", "application/json;",
        "application/json ; charset = utf-8", "application/json; profile=\"a;charset=x\"; charset=utf-8", "application/json; q=1", "application/json; charset=us-ascii",
        "application/json; charset=iso-8859-1", "application/merge-patch+json", "application/vnd.example+json; charset=\"utf-8\"",
    ];

    /// <summary>What is no JSON, or in no encoding that anybody knows, or no media type.</summary>
    public static TheoryData<string> NotJson { get; } =
    [
        "", "text/plain", "text/json", "application/xml", "application/jsonx", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "json", "application/", "/json", "application", "*/*", "application/*", ";charset=utf-8", "application/json, text/plain", "application/json,application/json",
        "application/json; charset=nonsense", "application/json; charset=\"nonsense\"", "application/json; charset=", "application/json; charset=\"\"",
        "application/json; charset=\"utf-8", "application/json; charset=utf-7", "application/json; charset=utf-8; charset=utf-16",
        "application/json; charset=\"utf-8, utf-16\"", "application/json; charset=*", "application/json; charset=utf-8 utf-16", "application/json; charset=;charset=utf-8",
        "application/json; charset=0", "application/json; charset=65001", "application/json charset=utf-8", "application/json; charset='utf-8'",
    ];

    [Theory]
    [MemberData(nameof(Json))]
    public async Task JSON_is_read_however_its_type_is_written(string type)
    {
        var person = await NewPersonAsync();

        var made = (await person.Caller.PostAsync("/api/documents", Content(type, Encoding.UTF8.GetBytes(Document)))).Expect(201);

        (await person.Caller.PutAsync(made.Location.OriginalString, Content(type, Encoding.UTF8.GetBytes(Document)))).Expect(200);
        (await person.Caller.DeleteAsync(made.Location.OriginalString)).Expect(204);
    }

    [Theory]
    [MemberData(nameof(NotJson))]
    public async Task What_is_called_anything_else_is_refused(string type)
    {
        var person = await SharedPersonAsync();

        var refused = (await person.Caller.PostAsync("/api/documents", Content(type, Encoding.UTF8.GetBytes(Document)))).ExpectProblem(415);

        Assert.Equal("application/json", Assert.Single(refused.Headers.GetValues("Accept")));
    }

    [Fact]
    public async Task Every_endpoint_with_a_body_reads_what_it_is_called_in_the_same_way()
    {
        var general = (await SharedPersonAsync("General")).Caller;
        var operations = await OperationsWithBodyAsync();
        Assert.True(operations.Count >= 7, string.Join(", ", operations));
        foreach (var (method, target) in operations)
        {
            var plain = await SendAsync("application/json");
            Assert.NotEqual(415, plain.Status);
            foreach (var type in Json)
            {
                (await SendAsync(type.Data)).Expect(plain.Status);
            }

            foreach (var type in NotJson)
            {
                (await SendAsync(type.Data)).ExpectProblem(415);
            }

            (await SendAsync("application/json", coding: "gzip")).ExpectProblem(415);

            // Nothing that anybody could take for what the endpoint wants, so that nothing is changed by it.
            Task<Reply> SendAsync(string type, string? coding = null) =>
                general.SendAsync(HttpMethod.Parse(method), target, Content(type, "[]"u8.ToArray(), coding));
        }
    }

    [Theory]
    [InlineData("utf-16", "utf-16", true)]
    [InlineData("utf-16", "utf-16", false)]
    [InlineData("utf-16", "utf-16BE", true)]
    [InlineData("utf-16", "utf-16BE", false)]
    [InlineData("\"UTF-16LE\"", "utf-16", false)]
    [InlineData("utf-16be", "utf-16BE", false)]
    [InlineData("utf-32", "utf-32", true)]
    [InlineData("utf-8", "utf-8", true)]
    public async Task A_text_is_the_same_in_any_encoding(string charset, string encoding, bool hasMark)
    {
        var person = await NewPersonAsync();
        var unicode = Encoding.GetEncoding(encoding);
        var text = unicode.GetBytes("""{"title":"Ünï字","content":"😀"}""");

        var made = (await person.Caller.PostAsync(
            "/api/documents",
            Content($"application/json; charset={charset}", hasMark ? [.. unicode.GetPreamble(), .. text] : text))).Expect(201);

        Assert.Equal("Ünï字", made["title"].GetString());
        Assert.Equal("😀", (await person.Caller.GetAsync(made.Location.OriginalString)).Expect(200)["content"].GetString());
        (await person.Caller.DeleteAsync(made.Location.OriginalString)).Expect(204);
    }

    [Theory]
    [InlineData("utf-16", "7B00220000D8")]
    [InlineData("utf-16", "7B")]
    [InlineData("utf-32", "7B0000")]
    [InlineData("utf-8", "7B22C328223A317D")]
    public async Task Bytes_that_are_no_text_in_their_encoding_are_refused(string charset, string bytes) =>
        (await (await SharedPersonAsync()).Caller.PostAsync(
            "/api/documents",
            Content($"application/json; charset={charset}", Convert.FromHexString(bytes)))).ExpectProblem(400);

    [Theory]
    [InlineData("""{"title":"\ud800","content":"x"}""")]
    [InlineData("""{"title":"\udc00\ud800","content":"x"}""")]
    [InlineData("""{"\ud800":"x","title":"x","content":"x"}""")]
    [InlineData("""{"title":"\u00","content":"x"}""")]
    [InlineData("""{"title":"x","content":1e999}""")]
    public async Task Text_that_is_none_is_refused(string body) =>
        (await (await SharedPersonAsync()).Caller.PostAsync(
            "/api/documents",
            Content("application/json", Encoding.UTF8.GetBytes(body)))).ExpectProblem(400);

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("identity, gzip")]
    [InlineData("gzip, gzip")]
    [InlineData("nonsense")]
    [InlineData("utf-8")]
    public async Task A_coded_body_is_refused_with_what_would_be_read(string coding)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Document));
        }

        foreach (var body in (byte[][])[packed.ToArray(), Encoding.UTF8.GetBytes(Document)])
        {
            var refused = (await (await SharedPersonAsync()).Caller.PostAsync("/api/documents", Content("application/json", body, coding))).ExpectProblem(415);

            Assert.Equal("identity", Assert.Single(refused.Headers.GetValues("Accept-Encoding")));
        }
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("")]
    [InlineData("identity,")]
    public async Task A_coding_that_is_none_is_none(string coding)
    {
        var person = await NewPersonAsync();

        var made = (await person.Caller.PostAsync("/api/documents", Content("application/json", Encoding.UTF8.GetBytes(Document), coding))).Expect(201);

        (await person.Caller.DeleteAsync(made.Location.OriginalString)).Expect(204);
    }

    /// <summary>A character of each length in UTF-8, and of each in UTF-16.</summary>
    public static TheoryData<string> Characters { get; } = ["x", "ü", "字", "😀"];

    [Theory]
    [MemberData(nameof(Characters))]
    public async Task A_title_and_a_text_are_as_long_as_is_promised_in_characters(string character)
    {
        var person = await NewPersonAsync();
        var (title, text) = (Repeat(character, 200), Repeat(character, 32_768));

        // Some write every character as it is, others escape all that is not ASCII.
        foreach (var json in (string[])[Plain(title, text), Escaped(title, text)])
        {
            var made = (await person.Caller.PostAsync("/api/documents", Content("application/json", Encoding.UTF8.GetBytes(json)))).Expect(201);
            var changed = (await person.Caller.PutAsync(made.Location.OriginalString, Content("application/json", Encoding.UTF8.GetBytes(json)))).Expect(200);

            Assert.Equal(text, changed["content"].GetString());
            Assert.Equal(title, (await person.Caller.GetAsync(made.Location.OriginalString)).Expect(200)["title"].GetString());
            (await person.Caller.DeleteAsync(made.Location.OriginalString)).Expect(204);
        }
    }

    [Theory]
    [MemberData(nameof(Characters))]
    public async Task One_character_more_is_too_many(string character)
    {
        var person = (await SharedPersonAsync()).Caller;

        (await person.PostAsync("/api/documents", new { title = Repeat(character, 201), content = "x" })).ExpectProblem(400);
        (await person.PostAsync("/api/documents", new { title = "x", content = Repeat(character, 32_769) })).ExpectProblem(400);
        (await person.PostAsync("/api/keys", new { name = Repeat(character, 101), scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() })).ExpectProblem(400);
    }

    [Theory]
    [MemberData(nameof(Characters))]
    public async Task The_name_of_a_key_is_as_long_as_is_promised_in_characters(string character)
    {
        var person = await NewPersonAsync();
        var name = Repeat(character, 100);

        var made = (await person.Caller.PostAsync("/api/keys", new { name, scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() })).Expect(201);

        Assert.Equal(name, made["name"].GetString());
        Assert.Equal([name], (await person.Caller.GetAsync("/api/keys")).Expect(200).Strings("items", "name"));
        (await person.Caller.DeleteAsync(made.Location.OriginalString)).Expect(204);
    }

    [Theory]
    [MemberData(nameof(Characters))]
    public async Task A_persons_name_is_as_long_as_is_promised_in_characters(string character)
    {
        var (name, tooLong) = (Repeat(character, 100), Repeat(character, 101));

        var registered = (await RegisterAsync(name, name)).Expect(200);
        Operator.Remember(registered["identity.id"].GetString()!);

        var me = (await Anonymous.WithSessionToken(registered["session_token"].GetString()!).GetAsync("/api/me")).Expect(200);
        Assert.Equal((name, name), (me["name.first"].GetString(), me["name.last"].GetString()));
        (await RegisterAsync(tooLong, name)).Expect(400);

        Task<Reply> RegisterAsync(string first, string last) =>
            Kratos.RegisterAsync(KratosFlows.NewPassword(), new { email = KratosFlows.NewEmail(), name = new { first, last } });
    }

    private static string Repeat(string character, int count) => new StringBuilder(character.Length * count).Insert(0, character, count).ToString();

    private static string Plain(string title, string text) => $"{{\"title\":\"{title}\",\"content\":\"{text}\"}}";

    private static string Escaped(string title, string text) => Plain(Escape(title), Escape(text));

    private static string Escape(string text) =>
        string.Concat(text.Select(unit => "\\u" + ((int)unit).ToString("x4", CultureInfo.InvariantCulture)));

    private static ByteArrayContent Content(string type, byte[] body, string? coding = null)
    {
        var content = new ByteArrayContent(body);
        if (type.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        if (coding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        return content;
    }

    /// <summary>Every operation that takes a body, with an id in its path that nothing has.</summary>
    private async Task<IReadOnlyList<(string Method, string Target)>> OperationsWithBodyAsync()
    {
        var document = (await Anonymous.GetAsync("/api/openapi.json")).Expect(200).Json;
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where operation.Value.ValueKind == JsonValueKind.Object && operation.Value.TryGetProperty("requestBody", out _)
               select (operation.Name.ToUpperInvariant(), path.Name.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal)),
        ];
    }
}
