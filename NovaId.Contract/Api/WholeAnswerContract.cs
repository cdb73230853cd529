using System.Net.Http.Headers;
using System.Text;

namespace NovaId.Contract.Api;

/// <summary>Every refusal arrives whole through the gateway, whatever it leaves unread of the request's body.</summary>
public abstract class WholeAnswerContract(IZone zone) : ZoneContract(zone)
{
    /// <summary>Refusals: who calls, how, where, with what, and what comes of it.</summary>
    public static TheoryData<string, string, string, string, int> Refusals { get; } = new()
    {
        { "person", "POST", "/api/documents", "text/plain", 415 },
        { "person", "POST", "/api/documents", "application/json", 400 },
        { "person", "PUT", "/api/documents/1", "application/json", 400 },
        { "person", "PUT", "/api/documents/00000000-0000-4000-8000-000000000000", "application/json", 403 },
        { "person", "PUT", "/api/users/00000000-0000-4000-8000-000000000000/rank", "application/json", 403 },
        { "person", "POST", "/api/nothing", "application/json", 404 },
        { "person", "PUT", "/api/documents", "application/json", 405 },
        { "person", "DELETE", "/api/documents/00000000-0000-4000-8000-000000000000", "text/plain", 403 },
        { "person, If-Match", "POST", "/api/checks", "application/json", 400 },
        { "nobody", "POST", "/api/documents", "application/json", 401 },
        { "stranger", "POST", "/api/documents", "application/json", 401 },
    };

    /// <summary>Lengths of bodies: next to nothing, what fits into one segment, and what the API leaves to the proxy for a while.</summary>
    private static readonly int[] Lengths = [20, 1_000, 60_000];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_arrives_whole(string who, string method, string target, string type, int status)
    {
        var headers = await HeadersAsync(who);
        foreach (var length in Lengths)
        {
            foreach (var saysLength in (bool[])[true, false])
            {
                // A list, which is refused for its first character.
                await AssertWholeAsync(headers, method, target, type, $"[{Text(length)}]", saysLength, status, Math.Max(Repetition.Count / Lengths.Length / 2, 1));
            }
        }
    }

    [Theory]
    [InlineData("/api/documents", 500_000, true)]
    [InlineData("/api/documents", 500_000, false)]
    [InlineData("/api/checks", 70_000, true)]
    [InlineData("/api/checks", 70_000, false)]
    [InlineData("/api/checks", 5_000_000, true)]
    public async Task A_refusal_of_what_is_too_long_arrives_whole(string target, int length, bool saysLength) =>
        // One text, which nobody can say anything about before all of it was read.
        await AssertWholeAsync(await HeadersAsync("person"), "POST", target, "application/json", Text(length), saysLength, 413, Math.Max(Repetition.Count / 3, 1));

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private async Task AssertWholeAsync(
        IReadOnlyList<(string Name, string Value)> headers, string method, string target, string type, string text, bool saysLength, int status, int count)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var wrong = await Repetition.SendAsync(Zone.Gateway, Create, status, count);
        Assert.True(
            wrong.Count == 0,
            $"{wrong.Count} of {count} answers to {method} {target} with {body.Length} bytes were not {status} or not whole:\n{string.Join('\n', wrong.Distinct().Take(5))}");

        HttpRequestMessage Create()
        {
            var stream = new MemoryStream(body);
            var request = new HttpRequestMessage(HttpMethod.Parse(method), target) { Content = new StreamContent(saysLength ? stream : new UnseekableStream(stream)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            return request;
        }
    }

    private async Task<IReadOnlyList<(string Name, string Value)>> HeadersAsync(string who)
    {
        switch (who)
        {
            case "nobody":
                return [];
            case "stranger":
                // The API's own 401: the gateway lets a token for another audience through.
                var client = await Operator.CreateClientAsync(audience: "another");
                return [("Authorization", $"Bearer {await OAuth2.AccessTokenAsync(client, "novaid.write", "another")}")];
            case "person, If-Match":
                return [("X-Session-Token", (await SharedPersonAsync()).Session.Token), ("If-Match", "\"a\"")];
            default:
                return [("X-Session-Token", (await SharedPersonAsync()).Session.Token)];
        }
    }
}
