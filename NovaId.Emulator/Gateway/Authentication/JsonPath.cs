using System.Buffers;
using System.Globalization;
using System.Text.Json;
using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>
/// A path into a JSON document in the part of GJSON's language that configuration needs: names and positions, and @this for the whole.
/// </summary>
internal sealed class JsonPath
{
    private static readonly SearchValues<char> OtherForms = SearchValues.Create("@#*?|\\!{}[]");

    private readonly string[] _parts;

    private JsonPath(string[] parts) => _parts = parts;

    public static JsonPath Read(ConfigurationNode node, string fallback)
    {
        var path = node.String("") is { Length: > 0 } text ? text : fallback;
        if (path == "@this")
        {
            return new JsonPath([]);
        }

        return path.AsSpan().IndexOfAny(OtherForms) < 0
            ? new JsonPath(path.Split('.'))
            : throw node.Error($"is '{path}', a form of path that the emulator does not know. It knows names joined by dots, and @this.");
    }

    /// <summary>What stands there; null if nothing does.</summary>
    public JsonElement? Find(JsonElement root)
    {
        var element = root;
        foreach (var part in _parts)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object when element.TryGetProperty(part, out var member):
                    element = member;
                    break;
                case JsonValueKind.Array when
                    int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < element.GetArrayLength():
                    element = element[at];
                    break;
                default:
                    return null;
            }
        }

        return element;
    }
}
