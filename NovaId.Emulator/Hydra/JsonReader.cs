using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>Reads a JSON object that somebody sent, with Go's rules: a member may be missing or null, but not of another type.</summary>
internal sealed class JsonReader
{
    private readonly JsonElement _object;

    private JsonReader(JsonElement body) => _object = body;

    public static async Task<JsonReader> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        var body = GoJson.Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));

        // Null is no error in Go: it leaves everything as it was, which is empty.
        return body.ValueKind is JsonValueKind.Object or JsonValueKind.Null
            ? new JsonReader(body)
            : throw new JsonException($"json: cannot unmarshal {body.ValueKind.ToString().ToLowerInvariant()} into an object");
    }

    public JsonNode? Any(string name) => Member(name) is { } value ? ToNode(value) : null;

    public string Text(string name) => Member(name) switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        _ => throw Wrong(name, "a string"),
    };

    public bool Flag(string name) => OptionalFlag(name) ?? false;

    public bool? OptionalFlag(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
        _ => throw Wrong(name, "a boolean"),
    };

    public int Integer(string name) => Member(name) switch
    {
        null => 0,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue),
        _ => throw Wrong(name, "a whole number"),
    };

    public IReadOnlyList<string>? Texts(string name)
    {
        if (Member(name) is not { } list)
        {
            return null;
        }

        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.ValueKind switch
            {
                JsonValueKind.String => item.GetString()!,
                JsonValueKind.Null => "",
                _ => throw Wrong(name, "a list of strings"),
            })]
            : throw Wrong(name, "a list of strings");
    }

    public JsonObject? Object(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => JsonObject.Create(value),
        _ => throw Wrong(name, "an object"),
    };

    public TimeSpan? Duration(string name)
    {
        if (Member(name) is null)
        {
            return null;
        }

        return GoDuration.TryParse(Text(name), out var duration) ? duration : throw Wrong(name, "a duration such as 10m or 1h30m");
    }

    public JsonElement? Member(string name) => GoJson.Member(_object, name);

    private static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        _ => JsonValue.Create(element),
    };

    private static JsonException Wrong(string name, string expected) => new($"{name} must be {expected}");
}
