using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NovaId.Tests.Api;

/// <summary>What becomes of a body that nobody wants: it is taken, within bounds, before the answer is given, which then comes in one piece.</summary>
public sealed class UnreadBodyTests
{
    private const int Length = 60_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, int> Refusals { get; } = new()
    {
        { "POST", "/api/documents", "text/plain", 415 },
        { "POST", "/api/documents", "application/json", 401 },
        { "POST", "/api/nothing", "application/json", 404 },
        { "POST", "/api/me", "application/json", 405 },
        { "POST", "/api%2fme", "application/json", 400 },
        { "POST", "/api/checks", "application/json", 413 },
        { "GET", "/api/health", "application/json", 200 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task No_answer_comes_before_the_body_was_taken_and_each_says_its_length(string method, string target, string type, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        foreach (var isChunked in (bool[])[false, true])
        {
            var length = status == 413 ? 100_000 : Length;
            if (isChunked && status == 413)
            {
                continue;
            }

            using var connection = await OpenAsync(zone);
            var stream = connection.GetStream();
            await WriteAsync(stream, Head(method, target, type, isChunked ? null : length));
            await WriteAsync(stream, Part(length / 2, isChunked));
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancelled);
            Assert.False(connection.Client.Poll(0, SelectMode.SelectRead), "An answer before the body was taken.");

            await WriteAsync(stream, Part(length / 2, isChunked) + (isChunked ? "0\r\n\r\n" : ""));
            var answer = await ReadAsync(stream);

            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            AssertWhole(answer);
        }
    }

    [Fact]
    public async Task A_body_without_end_is_not_waited_for()
    {
        await using var zone = await ApiZone.StartAsync();
        using var connection = await OpenAsync(zone);
        var stream = connection.GetStream();
        await WriteAsync(stream, Head("POST", "/api/documents", "text/plain", 20_000_000));

        var answer = await ReadAsync(stream);

        Assert.StartsWith("HTTP/1.1 41", answer, StringComparison.Ordinal);
        AssertWhole(answer);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_waited_for_a_while()
    {
        await using var zone = await ApiZone.StartAsync();
        using var connection = await OpenAsync(zone);
        var stream = connection.GetStream();
        await WriteAsync(stream, Head("POST", "/api/nothing", "text/plain", Length));

        var answer = await ReadAsync(stream);

        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        AssertWhole(answer);
    }

    [Theory]
    [InlineData("/api/nothing", 100, 404)]
    [InlineData("/api/documents", 100, 401)]
    [InlineData("/api/checks", 100_000, 413)]
    public async Task A_body_that_is_held_back_until_it_is_asked_for_is_never_asked_for(string target, int length, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        using var connection = await OpenAsync(zone);
        var stream = connection.GetStream();
        await WriteAsync(stream, Head("POST", target, "application/json", length, "Expect: 100-continue\r\n"));

        var answer = await ReadAsync(stream);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        AssertWhole(answer);
    }

    [Fact]
    public async Task Answers_that_are_not_refusals_say_their_length_too()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();

        using var made = await zone.SendAsync(HttpMethod.Post, "/api/documents", person, """{"title":"a","content":"b"}""");
        using var list = await zone.GetAsync("/api/documents", person);
        using var head = await zone.SendAsync(HttpMethod.Head, "/api/documents", person);

        Assert.All([made, list], answer => Assert.Null(answer.Headers.TransferEncodingChunked));
        Assert.Equal((await list.Content.ReadAsByteArrayAsync(Cancelled)).Length, list.Content.Headers.ContentLength);
        Assert.Equal(list.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(100)]
    public async Task A_list_comes_whole_however_long_it_is(int count)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        for (var number = 0; number <= count; number++)
        {
            // A long path each, so that the list has from 20 to 100 KB.
            using var refused = await zone.GetAsync($"/api/documents/{new string('x', 400)}", person);
            using var answer = await zone.GetAsync($"/api/me?{number}", person);
        }

        using var list = await zone.GetAsync($"/api/logs?pageSize={count}", person).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);

        Assert.Equal(count, (await ApiZone.ReadAsync(list, 200))["items"]!.AsArray().Count);
    }

    private static async Task<TcpClient> OpenAsync(ApiZone zone)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(zone.Http.BaseAddress!.Host, zone.Http.BaseAddress.Port, Cancelled);
        return client;
    }

    private static string Head(string method, string target, string type, int? length, string more = "") =>
        $"{method} {target} HTTP/1.1\r\nHost: api\r\nConnection: close\r\nContent-Type: {type}\r\n{more}"
        + (length is { } known ? $"Content-Length: {known}\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n");

    private static string Part(int length, bool isChunked) =>
        isChunked ? $"{length.ToString("x", CultureInfo.InvariantCulture)}\r\n{new string('x', length)}\r\n" : new string('x', length);

    private static async Task WriteAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancelled);

    /// <summary>Reads as much as the answer says that it has: a body that never came resets the connection in the end.</summary>
    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var answer = new StringBuilder();
        var buffer = new byte[8192];
        int count;
        while (!IsWhole(answer.ToString()) && (count = await stream.ReadAsync(buffer, Cancelled)) > 0)
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }

    private static bool IsWhole(string answer) =>
        answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) is > 0 and var end
        && answer.Contains($"\r\nContent-Length: {answer.Length - end - 4}\r\n", StringComparison.Ordinal);

    private static void AssertWhole(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", answer[..end], StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Content-Length: {answer.Length - end - 4}\r\n", answer[..(end + 2)], StringComparison.Ordinal);
    }
}
