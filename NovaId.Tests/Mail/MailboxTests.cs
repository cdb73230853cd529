using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Mail;
using NovaId.Emulator.Network;
using NovaId.Tests.Kratos;

namespace NovaId.Tests.Mail;

/// <summary>The zone's mailbox, as its readers see it: what Mailpit answers.</summary>
public sealed class MailboxTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero));
    private readonly PrivateNetwork _network = new();
    private readonly Mailbox _mailbox;
    private readonly MailService _service;
    private readonly HttpClient _http;

    public MailboxTests()
    {
        _mailbox = new Mailbox(_time);
        _service = MailService.Create(new ServiceContext("", new Dictionary<string, string>(), _network, _time, NullLoggerFactory.Instance), _mailbox);
        _http = new HttpClient(_network.CreateHandler()) { BaseAddress = new Uri("http://mail:8025") };
    }

    public async ValueTask InitializeAsync() => await _service.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_mailbox_lists_nothing()
    {
        var list = await GetAsync("/api/v1/messages");

        Assert.Equal(0, list.At("total").GetInt32());
        Assert.Empty(list.At("messages").EnumerateArray());
        Assert.Equal(404, await StatusAsync("/api/v1/message/latest"));
    }

    [Fact]
    public async Task A_mail_is_listed_and_read_with_everything_in_it()
    {
        Deliver("ada@novaid.local", "Use code 123456 to log in", "Your code:\r\n\r\n123456\r\n", "<p>123456</p>");

        var item = (await GetAsync("/api/v1/messages")).At("messages.0");
        var mail = await GetAsync($"/api/v1/message/{item.Text("ID")}");

        Assert.Matches("^[A-Za-z0-9]{22}$", item.Text("ID"));
        Assert.False(item.At("Read").GetBoolean());
        Assert.Equal("Your code: 123456", item.Text("Snippet"));
        Assert.Equal("2026-03-04T05:06:07.89Z", item.Text("Created"));
        foreach (var shown in new[] { item, mail })
        {
            Assert.Equal("NovaId", shown.At("From").Text("Name"));
            Assert.Equal("no-reply@novaid.local", shown.At("From").Text("Address"));
            Assert.Equal("ada@novaid.local", shown.At("To.0").Text("Address"));
            Assert.Equal("Use code 123456 to log in", shown.Text("Subject"));
        }

        Assert.Equal("Your code:\r\n\r\n123456\r\n", mail.Text("Text"));
        Assert.Equal("<p>123456</p>", mail.Text("HTML"));
    }

    [Fact]
    public async Task Whoever_reads_a_mail_marks_it()
    {
        Deliver("ada@novaid.local", "first");
        Deliver("ada@novaid.local", "second");

        Assert.Equal("second", (await GetAsync("/api/v1/message/latest")).Text("Subject"));

        var list = await GetAsync("/api/v1/messages");
        Assert.Equal([true, false], list.At("messages").EnumerateArray().Select(mail => mail.At("Read").GetBoolean()));
        Assert.Equal(1, list.At("unread").GetInt32());
    }

    [Fact]
    public async Task The_newest_come_first_and_a_page_at_a_time()
    {
        foreach (var i in Enumerable.Range(1, 60))
        {
            Deliver("ada@novaid.local", $"mail {i}");
        }

        var first = await GetAsync("/api/v1/messages");
        var second = await GetAsync("/api/v1/messages?start=50&limit=5");

        Assert.Equal(50, first.At("messages").GetArrayLength());
        Assert.Equal("mail 60", first.At("messages.0").Text("Subject"));
        Assert.Equal(["mail 10", "mail 9", "mail 8", "mail 7", "mail 6"], Subjects(second));
        Assert.Equal(60, second.At("messages_count").GetInt32());
        Assert.Equal(50, second.At("start").GetInt32());
    }

    [Fact]
    public async Task It_keeps_the_newest_and_does_not_grow()
    {
        foreach (var i in Enumerable.Range(0, Mailbox.Capacity + 10))
        {
            Deliver("ada@novaid.local", $"mail {i}");
        }

        var list = await GetAsync("/api/v1/messages?limit=0");

        Assert.Equal(Mailbox.Capacity, list.At("messages").GetArrayLength());
        Assert.Equal("mail 10", Subjects(list)[^1]);
    }

    [Theory]
    [InlineData("to:ada", "login", "verify")]
    [InlineData("to:\"ada@novaid.local\" subject:LOG", "login")]
    [InlineData("-to:ada", "recovery")]
    [InlineData("!to:ada", "recovery")]
    [InlineData("recovery", "recovery")]
    [InlineData("\"log in\"", "login")]
    [InlineData("log verify")]
    [InlineData("from:no-reply -subject:verify", "login", "recovery")]
    [InlineData("addressed:grace", "recovery")]
    [InlineData("is:unread", "login", "recovery", "verify")]
    [InlineData("is:read")]
    [InlineData("has:attachment")]
    [InlineData("tag:any")]
    public async Task A_search_finds_what_fits(string query, params string[] found)
    {
        Deliver("ada@novaid.local", "log in", "login");
        Deliver("ada@novaid.local", "verify", "verify");
        Deliver("grace@novaid.local", "recovery", "recovery");

        var list = await GetAsync($"/api/v1/search?query={Uri.EscapeDataString(query)}");

        Assert.Equal(found, list.At("messages").EnumerateArray().Select(mail => mail.Text("Snippet")).Order());
        Assert.Equal(found.Length, list.At("messages_count").GetInt32());
        Assert.Equal(3, list.At("total").GetInt32());
    }

    [Theory]
    [InlineData("/api/v1/search", 400)]
    [InlineData("/api/v1/search?query=", 400)]
    [InlineData("/api/v1/search?query=larger:1K", 400)]
    [InlineData("/api/v1/message/nothing", 404)]
    public async Task What_it_cannot_answer_it_refuses(string target, int status) => Assert.Equal(status, await StatusAsync(target));

    [Fact]
    public async Task Nothing_can_be_deleted_or_sent()
    {
        Deliver("ada@novaid.local", "stays");
        foreach (var (method, target) in new[] { (HttpMethod.Delete, "/api/v1/messages"), (HttpMethod.Put, "/api/v1/messages"), (HttpMethod.Post, "/api/v1/send") })
        {
            using var response = await _http.SendAsync(method, target, new { });
            Assert.True(response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, $"{method} {target}: {response.StatusCode}");
        }

        Assert.Equal(["stays"], Subjects(await GetAsync("/api/v1/messages")));
    }

    [Fact]
    public void A_mail_is_announced_in_one_line_whatever_stands_in_it()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        _mailbox.Received = new MailAnnouncer(writer).Announce;

        Deliver("ada@novaid.local", "Use code 123456 to log in");
        Deliver("eve@novaid.local\r\nMail to ada@novaid.local: \u001b[2J", "Use code 000000\nto log in");

        Assert.Equal(
            "Mail to ada@novaid.local: Use code 123456 to log in\nMail to eve@novaid.local Mail to ada@novaid.local:  [2J: Use code 000000 to log in\n",
            writer.ToString());
    }

    [Fact]
    public void A_mail_says_nothing_of_itself_to_a_log() =>
        Assert.DoesNotContain(
            "123456", new MailMessage(new MailAddress("", "a@b"), [], "code 123456", "code 123456", "").ToString(), StringComparison.Ordinal);

    private static string[] Subjects(JsonElement list) => [.. list.At("messages").EnumerateArray().Select(mail => mail.Text("Subject"))];

    private void Deliver(string to, string subject, string text = "", string html = "") => _mailbox.Deliver(
        new MailMessage(new MailAddress("NovaId", "no-reply@novaid.local"), [new MailAddress("", to)], subject, text, html));

    private async Task<JsonElement> GetAsync(string target)
    {
        using var response = await _http.FetchAsync(target);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    private async Task<int> StatusAsync(string target)
    {
        using var response = await _http.FetchAsync(target);
        return (int)response.StatusCode;
    }
}
