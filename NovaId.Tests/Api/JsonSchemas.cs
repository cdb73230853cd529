using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Tests.Api;

/// <summary>Compares JSON with a schema, as far as the schemas here go: type, properties, required, items, enum and references.</summary>
internal static class JsonSchemas
{
    /// <summary>Every place where the value is not what the schema says.</summary>
    public static IEnumerable<string> Violations(JsonNode root, JsonNode? schema, JsonNode? value, string place)
    {
        if (schema is not JsonObject rules)
        {
            return [];
        }

        if ((string?)rules["$ref"] is { } reference)
        {
            return Violations(root, Resolve(root, reference), value, place);
        }

        var violations = new List<string>();
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        var types = rules["type"] switch
        {
            null => [],
            JsonArray several => several.Select(one => (string)one!).ToList(),
            var one => [(string)one!],
        };
        if (types.Count > 0 && !types.Any(type => Is(type, kind, value)))
        {
            violations.Add($"{place} is {kind} instead of {string.Join('|', types)}");
        }

        if (rules["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            violations.Add($"{place} is none of {allowed.ToJsonString()}");
        }

        if (value is JsonObject members)
        {
            violations.AddRange((rules["required"]?.AsArray() ?? []).Select(name => (string)name!)
                .Where(name => !members.ContainsKey(name)).Select(name => $"{place}.{name} is missing"));
            foreach (var (name, member) in members)
            {
                violations.AddRange(rules["properties"] is JsonObject properties && properties.ContainsKey(name)
                    ? Violations(root, properties[name], member, $"{place}.{name}")
                    : [$"{place}.{name} is not in the schema"]);
            }
        }

        if (value is JsonArray items)
        {
            violations.AddRange(items.SelectMany((item, index) => Violations(root, rules["items"], item, $"{place}[{index}]")));
        }

        return violations;
    }

    private static bool Is(string type, JsonValueKind kind, JsonNode? value) => type switch
    {
        "object" => kind == JsonValueKind.Object,
        "array" => kind == JsonValueKind.Array,
        "string" => kind == JsonValueKind.String,
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "null" => kind == JsonValueKind.Null,
        "number" => kind == JsonValueKind.Number,
        "integer" => kind == JsonValueKind.Number && value!.AsValue().TryGetValue<long>(out _),
        _ => false,
    };

    private static JsonNode? Resolve(JsonNode root, string reference) =>
        reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(
            (JsonNode?)root,
            (node, part) => node is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node?[part]);
}
