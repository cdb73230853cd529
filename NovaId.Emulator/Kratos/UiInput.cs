using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One input of a form.</summary>
internal sealed record UiInput(string Group, string Name, string Type) : UiNode(Group, Name)
{
    /// <summary>A string, a number or a truth value; null is left out.</summary>
    public object? Value { get; init; }

    public bool Required { get; init; }

    public string? Autocomplete { get; init; }

    public string? Pattern { get; init; }

    public bool Disabled { get; init; }

    /// <summary>The function of <c>webauthn.js</c> that a click calls.</summary>
    public string? ClickTrigger { get; init; }

    /// <summary>The function of <c>webauthn.js</c> that is called as soon as the page is there.</summary>
    public string? LoadTrigger { get; init; }

    /// <summary>Whether the triggers also stand there as script text, which Kratos deprecates; not in flows for programs.</summary>
    public bool HasScriptText { get; init; }

    public int MaxLength { get; init; }

    public override object? SortValue => Value;

    protected override string Kind => "input";

    public static UiInput Csrf(string token) => new(DefaultGroup, "csrf_token", "hidden") { Value = token, Required = true };

    public static UiInput Password(string autocomplete) =>
        new(PasswordGroup, "password", "password") { Required = true, Autocomplete = autocomplete, Label = UiMessage.Password };

    /// <summary>The button that submits a form for a method.</summary>
    public static UiInput Submit(string group, string method, UiMessage label) => new(group, "method", "submit") { Value = method, Label = label };

    /// <summary>What one signs in with.</summary>
    public static UiInput Identifier(IdentitySchema schema) =>
        new(DefaultGroup, "identifier", "text") { Value = "", Required = true, Label = schema.IdentifierLabel };

    /// <summary>The known name of the person who signs in again.</summary>
    public static UiInput KnownIdentifier(string identifier) => new(DefaultGroup, "identifier", "hidden") { Value = identifier };

    /// <summary>The inputs for the traits, in the order of their names, as Kratos makes them before it sorts.</summary>
    public static IEnumerable<UiInput> Traits(IdentitySchema schema, string group) =>
        schema.Inputs.OrderBy(input => input.Name, StringComparer.Ordinal).Select(input => new UiInput(group, input.Name, TypeOf(input.Node))
        {
            Required = input.Required,
            Autocomplete = input.Node.IsEmail ? "email" : null,
            Pattern = input.Node.PatternText,
            Label = input.Node.Title is { } title ? UiMessage.Label(title, input.Name) : null,
        });

    /// <summary>The type of an input for a value that no schema describes.</summary>
    public static string TypeOf(object? value) => value switch
    {
        double => "number",
        bool => "checkbox",
        _ => "text",
    };

    public override UiNode WithValue(object? value) => this with { Value = value };

    public override UiNode Reset() => this with { Value = null, Messages = [] };

    protected override JsonObject AttributesToJson()
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

        Add("autocomplete", Autocomplete);
        Add("pattern", Pattern);
        attributes["disabled"] = Disabled;
        Add("onclick", HasScriptText && ClickTrigger is not null ? $"window.{ClickTrigger}()" : null);
        Add("onclickTrigger", ClickTrigger);
        Add("onload", HasScriptText && LoadTrigger is not null ? $"window.{LoadTrigger}()" : null);
        Add("onloadTrigger", LoadTrigger);
        if (MaxLength > 0)
        {
            attributes["maxlength"] = MaxLength;
        }

        return attributes;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                attributes[name] = value;
            }
        }
    }

    private static string TypeOf(SchemaNode node) => node.Type switch
    {
        "number" or "integer" => "number",
        "boolean" => "checkbox",
        _ => node.IsEmail ? "email" : "text",
    };
}
