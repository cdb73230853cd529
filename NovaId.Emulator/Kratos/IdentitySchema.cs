using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Kratos;

/// <summary>What an identity must look like.</summary>
internal sealed class IdentitySchema
{
    private readonly SchemaNode _root;
    private readonly SchemaNode _traits;

    private IdentitySchema(string id, JsonElement document, SchemaNode root, SchemaNode traits)
    {
        Id = id;
        Document = document;
        _root = root;
        _traits = traits;
        Inputs = [.. Leaves("traits", traits)];
        // A label of its own only when exactly one trait names the account.
        var names = Inputs.Where(input => input.Node.Extension.NamesAnAccount).ToArray();
        IdentifierLabel = names is [{ Node.Title: { } title }] ? UiMessage.Label(title, names[0].Name) : UiMessage.Identifier;
    }

    public string Id { get; }

    public JsonElement Document { get; }

    /// <summary>The traits that a form has an input for, in the order of the file.</summary>
    public IReadOnlyList<(string Name, SchemaNode Node, bool Required)> Inputs { get; }

    public UiMessage IdentifierLabel { get; }

    /// <summary>The trait whose value names a passkey, at the top of the traits and with a title; null unless there is exactly one.</summary>
    public string? PasskeyNameField => _traits.Properties.Where(property => property.Node is { Extension.PasskeyName: true, Title: not null }).ToArray() is [var only]
        ? $"traits.{only.Name}"
        : null;

    public static IdentitySchema Read(string id, string path)
    {
        var file = ConfigurationFile.Read(path);
        var root = SchemaNode.Compile(file);
        var traits = root.Property("traits") ?? throw file.Error("has no properties.traits. Describe the traits there.");
        return new IdentitySchema(id, KratosJson.Parse(File.ReadAllText(path)), root, traits);
    }

    /// <summary>The address under which the schema is published.</summary>
    public string Address(string publicAddress) =>
        Addresses.AppendPath(publicAddress, "/schemas/" + WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(Id)));

    /// <summary>What is wrong with an identity that has these traits, or null.</summary>
    public SchemaViolation? Validate(JsonElement traits) => _root.Validate(KratosJson.ToElement(new JsonObject { ["traits"] = KratosJson.ToNode(traits) }), "#");

    /// <summary>What is wrong with traits that were submitted, before any identity is made of them, or null.</summary>
    public SchemaViolation? ValidateSubmitted(JsonElement traits) => _traits.Validate(traits, "#/traits");

    /// <summary>The values of valid traits that mean something to Kratos.</summary>
    public IEnumerable<(SchemaNode Node, string Value)> Marked(JsonElement traits) =>
        _traits.Walk(traits).Where(item => item.Value.ValueKind == JsonValueKind.String).Select(item => (item.Node, item.Value.GetString()!));

    /// <summary>The paths of the objects in the traits: a form always sends them, if only empty.</summary>
    public IEnumerable<string> Objects() => ObjectsIn("traits", _traits);

    private static IEnumerable<string> ObjectsIn(string path, SchemaNode node) =>
        node.Type == "object" ? [path, .. node.Properties.SelectMany(property => ObjectsIn($"{path}.{property.Name}", property.Node))] : [];

    private static IEnumerable<(string, SchemaNode, bool)> Leaves(string path, SchemaNode node) =>
        node.Properties.SelectMany(property => property.Node.Type == "object"
            ? Leaves($"{path}.{property.Name}", property.Node)
            : [($"{path}.{property.Name}", property.Node, node.Requires(property.Name))]);
}
