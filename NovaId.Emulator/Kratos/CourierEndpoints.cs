using System.Globalization;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>The administrative view of the courier: that a mail was sent, and to whom, not what stands in it.</summary>
internal sealed class CourierEndpoints(KratosConfiguration configuration, Courier courier, TimeProvider time)
{
    private const int DefaultSize = 10;
    private const int MaxSize = 500;
    private const string TokenName = "page_token";
    private const string IdKey = "id";
    private const string CreatedKey = "created_at";
    private const string ExpiryKey = "expires_at";

    private static readonly TimeSpan TokenLifespan = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset EndOfTime = new(2200, 12, 31, 23, 59, 59, TimeSpan.Zero);

    private readonly CookieProtector _tokens = new(configuration.PaginationSecrets);

    public void Map(Routes routes)
    {
        routes.Map("GET", "/admin/courier/messages", ListAsync);
        routes.Map("GET", "/admin/courier/messages/{id}", ShowAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (query.ContainsKey("status") && query["status"].FirstOrDefault() is not (CourierMessage.Sent or "queued" or "processing" or "abandoned"))
        {
            throw KratosException.BadRequest("Message status is not valid");
        }

        var after = query[TokenName].FirstOrDefault(text => !string.IsNullOrEmpty(text)) is { } token ? Open(token) : (EndOfTime, Guid.Empty);
        var size = Size(query);
        var recipient = query["recipient"].ToString();
        CourierMessage[] found =
        [
            .. courier.List()
                .Where(message => IsAfter(message, after))
                .Where(message => recipient.Length == 0 || message.Recipient == recipient)
                .Where(_ => !query.ContainsKey("status") || query["status"].FirstOrDefault() == CourierMessage.Sent)
                .Take(size + 1),
        ];
        var page = found.Take(size).ToArray();
        Pagination.LinkKeyset(
            http, size, Seal(EndOfTime, Guid.Empty), found.Length > size ? Seal(page[^1].CreatedAt, page[^1].Id) : null);
        await KratosJson.WriteAsync(http, 200, new JsonArray([.. page.Select(message => message.ToJson(withDispatches: false))]));
    }

    private Task ShowAsync(HttpContext http)
    {
        var message = courier.Find(GoUuid.Parse((string)http.Request.RouteValues["id"]!)) ?? throw KratosException.NoRows();
        return KratosJson.WriteAsync(http, 200, message.ToJson(withDispatches: true));
    }

    private static int Size(IQueryCollection query)
    {
        var text = query["page_size"].FirstOrDefault(value => !string.IsNullOrEmpty(value));
        if (text is null)
        {
            return DefaultSize;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size)
            ? size <= 0 ? DefaultSize : Math.Min(size, MaxSize)
            : throw KratosException.BadRequestMessage($"strconv.Atoi: parsing \"{text}\": invalid syntax");
    }

    private static bool IsAfter(CourierMessage message, (DateTimeOffset CreatedAt, Guid Id) last) =>
        message.CreatedAt < last.CreatedAt
        || (message.CreatedAt == last.CreatedAt && string.CompareOrdinal(message.Id.ToString(), last.Id.ToString()) > 0);

    private string Seal(DateTimeOffset createdAt, Guid id) => _tokens.Protect(TokenName, new Dictionary<string, string>
    {
        [CreatedKey] = Text(createdAt),
        [IdKey] = id.ToString(),
        [ExpiryKey] = Text(time.GetUtcNow() + TokenLifespan),
    });

    private (DateTimeOffset CreatedAt, Guid Id) Open(string token)
    {
        var values = _tokens.Unprotect(TokenName, token) ?? throw KratosException.BadRequest("invalid pagination token");
        return Time(values[ExpiryKey]) >= time.GetUtcNow()
            ? (Time(values[CreatedKey]), Guid.Parse(values[IdKey]))
            : throw KratosException.BadRequest("page token expired, do not persist page tokens");
    }

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
