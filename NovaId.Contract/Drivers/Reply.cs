using System.Net.Http.Headers;
using System.Text.Json;

namespace NovaId.Contract.Drivers;

/// <summary>An answer, read whole.</summary>
public sealed class Reply
{
    private readonly string _request;
    private readonly Lazy<JsonElement> _json;
    private readonly DateTimeOffset _sent;
    private readonly Pace? _pace;

    private Reply(HttpResponseMessage response, string body, DateTimeOffset sent, Pace? pace)
    {
        _sent = sent;
        _pace = pace;
        _request = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}";
        _json = new(() => JsonSerializer.Deserialize<JsonElement>(body));
        Status = (int)response.StatusCode;
        Headers = response.Headers;
        ContentHeaders = response.Content.Headers;
        ContentType = response.Content.Headers.ContentType?.MediaType;
        Body = body;
    }

    public int Status { get; }

    public HttpResponseHeaders Headers { get; }

    /// <summary>What the answer says of its body.</summary>
    public HttpContentHeaders ContentHeaders { get; }

    public string? ContentType { get; }

    public string Body { get; }

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => _json.Value;

    /// <summary>Where a redirect leads.</summary>
    public Uri Location => Headers.Location ?? throw new InvalidOperationException($"{this} carries no Location.");

    internal static async Task<Reply> ReadAsync(HttpResponseMessage response, DateTimeOffset sent, Pace? pace) =>
        new(response, await response.Content.ReadAsStringAsync(), sent, pace);

    /// <summary>A member of the JSON body, by its path: <c>error.id</c>.</summary>
    public JsonElement this[string path] => path.Split('.').Aggregate(Json, (element, name) => element.GetProperty(name));

    /// <summary>The strings of an array in the JSON body.</summary>
    public IEnumerable<string?> Strings(string path) => this[path].EnumerateArray().Select(item => item.GetString());

    /// <summary>A member of each object of an array in the JSON body.</summary>
    public IEnumerable<string?> Strings(string path, string member) =>
        this[path].EnumerateArray().Select(item => item.GetProperty(member).GetString());

    /// <summary>Fails unless the answer has exactly this status. A 503 on a machine that was too slow for an answer in time says nothing, and
    /// skips the case with the figures; nobody was let in by it.</summary>
    public Reply Expect(int status)
    {
        if (Status != status)
        {
            if (Status == 503)
            {
                _pace?.SkipIfTooSlow(_sent, $"{this} in place of {status}", Pace.LimitOfOneAnswer);
            }

            Assert.Fail($"Expected {status} from {this}");
        }

        return this;
    }

    /// <summary>Fails unless the answer is problem details (RFC 9457) with this status.</summary>
    public Reply ExpectProblem(int status)
    {
        Expect(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(Json.GetProperty("title").GetString()));
        return this;
    }

    /// <summary>Fails unless the gateway itself refused with this status, so that nothing behind it saw the request.</summary>
    public Reply ExpectByGateway(int status)
    {
        Expect(status);
        // Oathkeeper's errors have a code and a message; those of Kratos, Hydra and Keto a reason or an error besides, and those of the
        // API are problem details.
        Assert.Equal("application/json", ContentType);
        Assert.Equal(["code", "message", "status"], this["error"].EnumerateObject().Select(member => member.Name).Order());
        return this;
    }

    /// <summary>The request and the status; the body too where it is a refusal, since only those hold no secret.</summary>
    public override string ToString()
    {
        var more = Status >= 400 ? Body[..Math.Min(Body.Length, 2000)] : Headers.Location?.OriginalString.Split('?')[0];
        return $"{_request}: {Status} {more}".TrimEnd();
    }
}
