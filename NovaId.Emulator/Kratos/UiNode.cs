using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One input of a form.</summary>
internal sealed record UiNode(string Group, string Name, string Type)
{
    public const string DefaultGroup = "default";
    public const string PasswordGroup = "password";
    public const string ProfileGroup = "profile";

    /// <summary>A string, a number or a truth value; null is left out.</summary>
    public object? Value { get; init; }

    public bool Required { get; init; }

    public string? Autocomplete { get; init; }

    public string? Pattern { get; init; }

    public UiMessage? Label { get; init; }

    public ImmutableArray<UiMessage> Messages { get; init; } = [];

    public static UiNode Csrf(string token) => new(DefaultGroup, "csrf_token", "hidden") { Value = token, Required = true };

    public static UiNode Password(string autocomplete) =>
        new(PasswordGroup, "password", "password") { Required = true, Autocomplete = autocomplete, Label = UiMessage.Password };

    public static UiNode Submit(string group, string method, UiMessage label) => new(group, "method", "submit") { Value = method, Label = label };

    /// <summary>The type of an input for a value that no schema describes.</summary>
    public static string TypeOf(object? value) => value switch
    {
        double => "number",
        bool => "checkbox",
        _ => "text",
    };

    public JsonObject ToJson()
    {
        var attributes = new JsonObject { ["name"] = Name, ["type"] = Type };
        if (Value is not null)
        {
            attributes["value"] = Value switch
            {
                double number => JsonValue.Create(number),
                bool truth => JsonValue.Create(truth),
                _ => JsonValue.Create((string)Value),
            };
        }

        if (Required)
        {
            attributes["required"] = true;
        }

        if (Autocomplete is not null)
        {
            attributes["autocomplete"] = Autocomplete;
        }

        if (Pattern is not null)
        {
            attributes["pattern"] = Pattern;
        }

        attributes["disabled"] = false;
        attributes["node_type"] = "input";
        return new JsonObject
        {
            ["type"] = "input",
            ["group"] = Group,
            ["attributes"] = attributes,
            ["messages"] = new JsonArray([.. Messages.Select(message => message.ToJson())]),
            ["meta"] = Label is null ? new JsonObject() : new JsonObject { ["label"] = Label.ToJson() },
        };
    }
}
