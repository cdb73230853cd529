using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NovaId.Emulator.Mail;

/// <summary>
/// What the gateway lets through of Mailpit v1.27's API, <see href="https://mailpit.axllent.org/docs/api-v1/"/>: the list, a search, one
/// mail.
/// </summary>
internal sealed partial class MailApi(Mailbox mailbox)
{
    private const int DefaultLimit = 50;
    private const int SnippetLength = 200;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/messages", (RequestDelegate)(http => WriteAsync(http, List(http.Request.Query, mailbox.List(), null))));
        endpoints.MapGet("/api/v1/search", (RequestDelegate)SearchAsync);
        endpoints.MapGet("/api/v1/message/{id}", (RequestDelegate)ShowAsync);
        endpoints.MapGet("/readyz", (RequestDelegate)(http => http.Response.WriteAsync("ok", http.RequestAborted)));
    }

    private async Task SearchAsync(HttpContext http)
    {
        var query = http.Request.Query["query"].ToString().Trim();
        if (query.Length == 0)
        {
            await RefuseAsync(http, 400, "Error: no search query");
            return;
        }

        MailSearch search;
        try
        {
            search = MailSearch.Parse(query);
        }
        catch (FormatException exception)
        {
            await RefuseAsync(http, 400, exception.Message);
            return;
        }

        await WriteAsync(http, List(http.Request.Query, mailbox.List(), search));
    }

    private Task ShowAsync(HttpContext http)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        return mailbox.Open(id) is { } mail
            ? WriteAsync(http, ToJson(mail))
            : RefuseAsync(http, 404, id == "latest" ? "sql: no rows in result set" : "404 page not found");
    }

    private static JsonObject List(IQueryCollection query, IReadOnlyList<MailMessage> all, MailSearch? search)
    {
        var found = search is null ? all : [.. all.Where(search.Matches)];
        var start = Number(query["start"], 1) ?? 0;
        var limit = Number(query["limit"], 0) ?? DefaultLimit;
        // Without a limit the list is whole; a search without one finds nothing.
        var page = search is null && limit == 0 ? found : [.. found.Skip(start).Take(limit)];
        return new JsonObject
        {
            ["total"] = all.Count,
            ["unread"] = all.Count(mail => !mail.Read),
            ["count"] = page.Count,
            ["messages_count"] = found.Count,
            ["messages_unread"] = found.Count(mail => !mail.Read),
            ["start"] = start,
            ["tags"] = new JsonArray(),
            ["messages"] = new JsonArray([.. page.Select(ToSummary)]),
        };
    }

    private static JsonObject ToSummary(MailMessage mail) => new()
    {
        ["ID"] = mail.Id,
        ["MessageID"] = mail.MessageId,
        ["Read"] = mail.Read,
        ["From"] = ToJson(mail.From),
        ["To"] = new JsonArray([.. mail.To.Select(ToJson)]),
        ["Cc"] = new JsonArray(),
        ["Bcc"] = new JsonArray(),
        ["ReplyTo"] = new JsonArray(),
        ["Subject"] = mail.Subject,
        ["Created"] = Time(mail.Received),
        ["Username"] = "",
        ["Tags"] = new JsonArray(),
        ["Size"] = mail.Size,
        ["Attachments"] = 0,
        ["Snippet"] = Snippet(mail.Text),
    };

    private static JsonObject ToJson(MailMessage mail) => new()
    {
        ["ID"] = mail.Id,
        ["MessageID"] = mail.MessageId,
        ["From"] = ToJson(mail.From),
        ["To"] = new JsonArray([.. mail.To.Select(ToJson)]),
        ["Cc"] = new JsonArray(),
        ["Bcc"] = new JsonArray(),
        ["ReplyTo"] = new JsonArray(),
        ["ReturnPath"] = mail.From.Address,
        ["Subject"] = mail.Subject,
        ["ListUnsubscribe"] = new JsonObject { ["Header"] = "", ["Links"] = new JsonArray(), ["Errors"] = "", ["HeaderPost"] = "" },
        ["Date"] = Time(mail.Received),
        ["Tags"] = new JsonArray(),
        ["Username"] = "",
        ["Text"] = mail.Text,
        ["HTML"] = mail.Html,
        ["Size"] = mail.Size,
        ["Inline"] = new JsonArray(),
        ["Attachments"] = new JsonArray(),
    };

    private static JsonObject ToJson(MailAddress address) => new() { ["Name"] = address.Name, ["Address"] = address.Address };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static string Snippet(string text)
    {
        var line = Blanks().Replace(text, " ").Trim();
        return line.Length <= SnippetLength ? line : line[..SnippetLength] + "...";
    }

    private static int? Number(string? text, int least) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least ? number : null;

    private static Task WriteAsync(HttpContext http, JsonObject body)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString(Options) + "\n", http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
