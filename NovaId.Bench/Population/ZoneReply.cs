using System.Text.Json.Nodes;

namespace NovaId.Bench.Population;

/// <summary>An answer, read whole.</summary>
internal sealed record ZoneReply(int Status, string Text, Uri? Location, IReadOnlyList<string> SetCookies)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>A string of the JSON body.</summary>
    public string this[params ReadOnlySpan<string> path]
    {
        get
        {
            var node = Json;
            foreach (var name in path)
            {
                node = node[name]!;
            }

            return node.GetValue<string>();
        }
    }

    /// <summary>The status without the body, which may hold a token.</summary>
    public override string ToString() => $"{Status}";
}
