using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>JSON as Kratos writes and reads it.</summary>
internal static class KratosJson
{
    // The relaxed encoder is safe here: nothing of this is ever put into a page, and the content type says JSON.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = GoJson.WritingDepth };

    public static async Task WriteAsync(HttpContext http, int status, JsonNode? body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync((body?.ToJsonString(Options) ?? "null") + "\n", http.RequestAborted);
    }

    public static async Task WriteAsync(HttpContext http, KratosException error)
    {
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        if (error.Id is not null)
        {
            http.Response.Headers["Ory-Error-Id"] = error.Id;
        }

        var body = error.ToBody(http.Request.Headers["X-Request-ID"]);
        await http.Response.WriteAsync(body.ToJsonString(Options) + "\n", http.RequestAborted);
    }

    /// <summary>A time in the form of RFC 3339, to the microsecond that the database keeps.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static JsonElement Parse(string text) => GoJson.Unmarshal(text);

    public static JsonElement ToElement(JsonNode? node) => Parse(node?.ToJsonString(Options) ?? "null");

    public static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element),
    };

    /// <summary>The leaves of an object with their paths joined by dots, as the nodes of a form are named.</summary>
    public static IEnumerable<(string Path, object? Value)> Flatten(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return element.EnumerateObject()
                    .SelectMany(member => Flatten(member.Value, $"{path}.{member.Name.Replace(".", "\\.", StringComparison.Ordinal)}"));
            case JsonValueKind.Array:
                return element.EnumerateArray().SelectMany((item, i) => Flatten(item, $"{path}.{i}"));
            default:
                return [(path, Scalar(element))];
        }
    }

    private static object? Scalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
