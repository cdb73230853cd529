using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// JSON Patch (RFC 6902) as Kratos takes it: add, remove and replace only; a replacement of a member adds it if it is not there, with the
/// objects on the way to it.
/// </summary>
internal static class JsonPatch
{
    /// <summary>Applies a patch to a document.</summary>
    /// <param name="document">The document; it is changed.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="check">Throws for a path that must not be patched.</param>
    /// <exception cref="KratosException">The patch cannot be applied (400).</exception>
    public static void Apply(JsonObject document, JsonElement patch, Action<string> check)
    {
        if (patch.ValueKind != JsonValueKind.Array)
        {
            throw Refused("a JSON patch must be an array of operations");
        }

        foreach (var operation in patch.EnumerateArray())
        {
            var kind = Text(operation, "op") ?? throw Refused("an operation without \"op\"");
            if (kind is not ("add" or "remove" or "replace"))
            {
                throw Refused($"unsupported operation: {kind}");
            }

            var path = Text(operation, "path") is { Length: > 0 } pointer && pointer[0] == '/'
                ? pointer
                : throw Refused("error parsing patch operations: a path must begin with a slash");
            check(path);
            if (kind == "remove")
            {
                Remove(document, path);
                continue;
            }

            var value = operation.TryGetProperty("value", out var given) ? given : throw Refused($"{kind} operation without \"value\"");
            Set(document, path, KratosJson.ToNode(value), replace: kind == "replace");
        }
    }

    public static KratosException Refused(string message) => KratosException.BadRequestMessage(message, "An error occured when applying the JSON patch");

    private static string? Text(JsonElement operation, string name) =>
        operation.ValueKind == JsonValueKind.Object && operation.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string[] Names(string path) =>
        [.. path.Split('/')[1..].Select(name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static void Set(JsonObject document, string path, JsonNode? value, bool replace)
    {
        var names = Names(path);
        JsonNode parent = document;
        foreach (var name in names[..^1])
        {
            if (parent is JsonObject above && above[name] is null)
            {
                above[name] = new JsonObject();
            }

            parent = Child(parent, name) ?? throw Missing(path);
        }

        switch (parent)
        {
            case JsonObject above:
                above[names[^1]] = value;
                break;
            case JsonArray list when names[^1] == "-" && !replace:
                list.Add(value);
                break;
            case JsonArray list when Index(names[^1]) is { } i && i < list.Count && replace:
                list[i] = value;
                break;
            case JsonArray list when Index(names[^1]) is { } i && i <= list.Count && !replace:
                list.Insert(i, value);
                break;
            default:
                throw Missing(path);
        }
    }

    private static void Remove(JsonObject document, string path)
    {
        var names = Names(path);
        JsonNode? parent = document;
        foreach (var name in names[..^1])
        {
            parent = parent is null ? null : Child(parent, name);
        }

        var removed = parent switch
        {
            JsonObject above => above.Remove(names[^1]),
            JsonArray list when Index(names[^1]) is { } i && i < list.Count => RemoveAt(list, i),
            _ => false,
        };
        if (!removed)
        {
            throw Missing(path);
        }
    }

    private static bool RemoveAt(JsonArray list, int index)
    {
        list.RemoveAt(index);
        return true;
    }

    private static JsonNode? Child(JsonNode parent, string name) => parent switch
    {
        JsonObject above => above[name],
        JsonArray list when Index(name) is { } i && i < list.Count => list[i],
        _ => null,
    };

    private static int? Index(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static KratosException Missing(string path) => Refused($"operation does not apply: doc is missing path: {path}");
}
