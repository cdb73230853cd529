using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>Reads a JSON object that somebody sent, with Go's rules: a member may be missing or null, but not of another type.</summary>
internal sealed class JsonReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonObject _object;

    private JsonReader(JsonObject body) => _object = body;

    public static async Task<JsonReader> ReadAsync(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body, documentOptions: Strict, cancellationToken: request.HttpContext.RequestAborted);
        return new JsonReader(body as JsonObject ?? throw new JsonException("expected an object"));
    }

    public JsonNode? Any(string name) => _object[name]?.DeepClone();

    public string Text(string name) => Value<string>(name, JsonValueKind.String) ?? "";

    public bool Flag(string name) => OptionalFlag(name) ?? false;

    public bool? OptionalFlag(string name) => _object[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw Wrong(name, "a boolean"),
    };

    public int Integer(string name) => _object[name] switch
    {
        null => 0,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) => number,
        _ => throw Wrong(name, "a whole number"),
    };

    public IReadOnlyList<string>? Texts(string name) => _object[name] switch
    {
        null => null,
        JsonArray array when array.All(item => item?.GetValueKind() == JsonValueKind.String) => [.. array.Select(
            item => item!.GetValue<string>())],
        _ => throw Wrong(name, "a list of strings"),
    };

    public JsonObject? Object(string name) => _object[name] switch
    {
        null => null,
        JsonObject value => (JsonObject)value.DeepClone(),
        _ => throw Wrong(name, "an object"),
    };

    public TimeSpan? Duration(string name)
    {
        if (_object[name] is null)
        {
            return null;
        }

        return GoDuration.TryParse(Text(name), out var duration) ? duration : throw Wrong(name, "a duration such as 10m or 1h30m");
    }

    private T? Value<T>(string name, JsonValueKind kind)
        where T : class => _object[name] switch
        {
            null => null,
            JsonValue value when value.GetValueKind() == kind => value.GetValue<T>(),
            _ => throw Wrong(name, "a string"),
        };

    private static JsonException Wrong(string name, string expected) => new($"{name} must be {expected}");
}
