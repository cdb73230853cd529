using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// JSON Patch (RFC 6902) as Kratos takes it: add, remove and replace only; a replacement of a member adds it if it is not there, with the
/// objects on the way to it.
/// </summary>
internal static class JsonPatch
{
    private static readonly GoType Patch = GoType.Slice(GoType.Map("jsonpatch.Operation"), named: "jsonpatch.Patch");

    /// <summary>Applies a patch to a document.</summary>
    /// <param name="document">The document; it is changed.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="check">Throws for a path that must not be patched.</param>
    /// <exception cref="KratosException">The patch cannot be applied (400).</exception>
    public static void Apply(JsonObject document, JsonElement patch, Action<string> check)
    {
        foreach (var operation in patch.ValueKind == JsonValueKind.Null ? [] : patch.EnumerateArray().AsEnumerable())
        {
            var kind = Text(operation, "op");
            if (Problem(operation, kind) is { } problem)
            {
                throw Refused($"invalid operation {operation.GetRawText()}: {problem}");
            }

            if (kind is not ("add" or "remove" or "replace"))
            {
                throw Refused($"unsupported operation: {kind}");
            }

            var path = Text(operation, "path")!;
            if (path.Length == 0)
            {
                throw KratosException.NotInEmulator("A patch of everything");
            }

            if (path[0] != '/')
            {
                throw Refused($"{kind} operation does not apply: doc is missing path: {GoText.Quote(path)}: missing value");
            }

            check(path);
            if (kind == "remove")
            {
                Remove(document, path);
                continue;
            }

            Set(document, path, KratosJson.ToNode(operation.GetProperty("value")), replace: kind == "replace");
        }
    }

    /// <summary>Reads a patch; null is one without operations.</summary>
    /// <exception cref="KratosException">It is none (400).</exception>
    public static JsonElement Read(byte[] body)
    {
        if (GoSyntax.ProblemOfWhole(body) is not null)
        {
            throw Refused("invalid state detected");
        }

        try
        {
            var patch = GoJson.Decode(body);
            return Patch.Mismatch(patch) is { } mismatch ? throw Refused(mismatch) : patch;
        }
        catch (JsonException exception)
        {
            throw Refused(exception.Message);
        }
    }

    /// <summary>What is missing in an operation, in the order in which it is looked for.</summary>
    private static string? Problem(JsonElement operation, string? kind) => kind switch
    {
        "add" or "replace" => !Has(operation, "value") ? "failed to decode 'value': operation, missing value field: missing value" : ProblemOfPath(operation),
        "move" or "copy" => !Has(operation, "from") ? "failed to decode 'from': operation, missing from field: missing value" : ProblemOfPath(operation),
        "remove" or "test" => ProblemOfPath(operation),
        _ => "unsupported operation",
    };

    private static string? ProblemOfPath(JsonElement operation) => !operation.TryGetProperty("path", out var path) ? "failed to decode 'path': operation missing path field: missing value"
        : path.ValueKind != JsonValueKind.String ? $"failed to decode 'path': {GoJson.Mismatch(path, "string")}"
        : null;

    private static bool Has(JsonElement operation, string name) => operation.TryGetProperty(name, out _);

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
