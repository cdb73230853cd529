using System.Text.Json;

namespace NovaId.Contract.Drivers;

/// <summary>A flow of Kratos as an app sees it.</summary>
/// <param name="Json">The whole flow.</param>
public sealed record KratosForm(JsonElement Json)
{
    /// <summary>Where its form goes: path and query, since a gateway on a port of its own is known by no configuration.</summary>
    public string Action => new Uri(Json.GetProperty("ui").GetProperty("action").GetString()!).PathAndQuery;

    /// <summary>The names of its parts, in their order.</summary>
    public IReadOnlyList<string> Names => [.. Nodes.Select(NameOf)];

    /// <summary>The messages above the form and at its parts.</summary>
    public IEnumerable<int> Messages => KratosFlows.Messages(Json);

    private IEnumerable<JsonElement> Nodes => KratosFlows.Nodes(Json);

    /// <summary>The attributes of a part.</summary>
    public JsonElement this[string name] => Node(name).GetProperty("attributes");

    /// <summary>A part, by its name or id.</summary>
    public JsonElement Node(string name) => Nodes.Single(node => NameOf(node) == name);

    /// <summary>The number of the message that is the label of a part.</summary>
    public int Label(string name) => Node(name).GetProperty("meta").GetProperty("label").GetProperty("id").GetInt32();

    /// <summary>The buttons that submit the form for a method.</summary>
    public IEnumerable<string?> Methods => Nodes.Where(node => NameOf(node) == "method").Select(node => node.GetProperty("attributes").GetProperty("value").GetString());

    /// <summary>The JSON that a part carries as its value.</summary>
    public JsonElement Data(string name) => JsonSerializer.Deserialize<JsonElement>(this[name].GetProperty("value").GetString()!);

    private static string NameOf(JsonElement node)
    {
        var attributes = node.GetProperty("attributes");
        return (attributes.TryGetProperty("name", out var name) ? name : attributes.GetProperty("id")).GetString()!;
    }
}
