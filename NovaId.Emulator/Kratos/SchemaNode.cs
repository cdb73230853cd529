using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// A schema of JSON Schema draft 7, for the part of it that identity schemas use. A keyword outside that part stops the start: what is not
/// checked must not look as if it were.
/// </summary>
internal sealed class SchemaNode
{
    private static readonly string[] Annotations = ["$id", "$schema", "$comment", "title", "description", "examples", "default"];

    private readonly string _pointer;
    private readonly List<string> _required;
    private readonly bool _closed;
    private readonly string? _format;
    private readonly int? _minLength;
    private readonly int? _maxLength;
    private readonly Regex? _pattern;
    private readonly string? _patternText;
    private readonly double? _minimum;
    private readonly double? _maximum;

    private SchemaNode(ConfigurationNode node, string pointer)
    {
        _pointer = pointer;
        foreach (var (key, value) in node.Entries)
        {
            if (!Annotations.Contains(key)
                && key is not ("type" or "properties" or "required" or "additionalProperties" or "format" or "minLength" or "maxLength"
                    or "pattern" or "minimum" or "maximum" or "ory.sh/kratos"))
            {
                throw value.Error("is a schema keyword that the emulator does not check. Remove it, or run the zone on real Ory.");
            }
        }

        Type = node["type"].OneOf("", "object", "string", "number", "integer", "boolean");
        Title = node["title"].OptionalString();
        _required = [.. node["required"].Strings()];
        _closed = node["additionalProperties"].Exists && !node["additionalProperties"].Boolean(true);
        _format = node["format"].Exists ? node["format"].OneOf("", "email", "no-validate") : null;
        _minLength = node["minLength"].Exists ? node["minLength"].Integer(0) : null;
        _maxLength = node["maxLength"].Exists ? node["maxLength"].Integer(0) : null;
        _minimum = Number(node["minimum"]);
        _maximum = Number(node["maximum"]);
        _patternText = node["pattern"].OptionalString();
        _pattern = Pattern(node["pattern"]);
        Extension = SchemaExtension.Read(Child(node, "ory.sh/kratos"));
        Properties = [.. node["properties"].Entries.Select(entry => (entry.Key, new SchemaNode(entry.Value, $"{pointer}/properties/{entry.Key}")))];
    }

    public string Type { get; }

    public string? Title { get; }

    public string? PatternText => _patternText;

    public bool IsEmail => _format == "email";

    public SchemaExtension Extension { get; }

    /// <summary>The properties, in the order of the file, which is the order of the inputs.</summary>
    public IReadOnlyList<(string Name, SchemaNode Node)> Properties { get; }

    public bool Requires(string property) => _required.Contains(property);

    public SchemaNode? Property(string name) => Properties.FirstOrDefault(property => property.Name == name).Node;

    public static SchemaNode Compile(ConfigurationNode node) => new(node, "#");

    /// <summary>Everything that is wrong with a value, or null.</summary>
    public SchemaViolation? Validate(JsonElement value, string instance)
    {
        var actual = TypeOf(value);
        if (!(Type == actual || (Type == "number" && actual == "integer")))
        {
            actual = actual == "integer" ? "number" : actual;
            return Violation(instance, "type", $"expected {Type}, but got {actual}", UiMessage.WrongType(Type, actual));
        }

        var violations = Type switch
        {
            "object" => ValidateObject(value, instance),
            "string" => ValidateString(value.GetString()!, instance),
            "number" or "integer" => ValidateNumber(value.GetDouble(), instance),
            _ => [],
        };
        return SchemaViolation.Of(instance, _pointer, violations);
    }

    /// <summary>Each value of a valid document with the schema that describes it.</summary>
    public IEnumerable<(SchemaNode Node, JsonElement Value)> Walk(JsonElement value)
    {
        yield return (this, value);
        foreach (var (name, node) in Properties)
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var child))
            {
                foreach (var item in node.Walk(child))
                {
                    yield return item;
                }
            }
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.GetDouble() % 1 == 0 ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };

    /// <summary>A child by its exact name: the name of Kratos' extension has a dot in it, which a look-up by path would take apart.</summary>
    private static ConfigurationNode? Child(ConfigurationNode node, string name) => node.Entries.FirstOrDefault(entry => entry.Key == name).Value;

    private static double? Number(ConfigurationNode node)
    {
        if (!node.Exists)
        {
            return null;
        }

        return double.TryParse(node.RequireString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw node.Error("must be a number.");
    }

    private static Regex? Pattern(ConfigurationNode node)
    {
        if (!node.Exists)
        {
            return null;
        }

        try
        {
            // Go's expressions have no backtracking either, so what this engine cannot do Kratos cannot do.
            return new Regex(node.RequireString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw node.Error($"is no regular expression that Kratos takes: {exception.Message}");
        }
    }

    private List<SchemaViolation> ValidateObject(JsonElement value, string instance)
    {
        var violations = new List<SchemaViolation>();
        var missing = _required.Where(name => !value.TryGetProperty(name, out _)).ToArray();
        if (missing.Length > 0)
        {
            var text = $"missing properties: {string.Join(", ", missing.Select(name => $"\"{name}\""))}";
            violations.Add(new SchemaViolation(text, instance, $"{_pointer}/required", null, missing, []));
        }

        foreach (var (name, node) in Properties)
        {
            if (value.TryGetProperty(name, out var child) && node.Validate(child, $"{instance}/{name}") is { } violation)
            {
                violations.Add(violation);
            }
        }

        if (_closed)
        {
            var others = value.EnumerateObject().Select(member => member.Name).Where(name => Property(name) is null).Distinct().ToArray();
            if (others.Length > 0)
            {
                var text = $"additionalProperties {string.Join(", ", others.Select(name => $"\"{name}\""))} not allowed";
                violations.Add(Violation(instance, "additionalProperties", text, UiMessage.Generic(text)));
            }
        }

        return violations;
    }

    private List<SchemaViolation> ValidateString(string text, string instance)
    {
        var violations = new List<SchemaViolation>();
        if (IsEmail && !EmailFormat.IsValid(text))
        {
            violations.Add(Violation(instance, "format", $"\"{text}\" is not valid \"email\"", UiMessage.Email(text)));
        }

        var length = text.EnumerateRunes().Count();
        if (length < _minLength)
        {
            var message = UiMessage.MinLength(_minLength.Value, length);
            violations.Add(Violation(instance, "minLength", message.Text, message));
        }

        if (length > _maxLength)
        {
            var message = UiMessage.MaxLength(_maxLength.Value, length);
            violations.Add(Violation(instance, "maxLength", message.Text, message));
        }

        if (_pattern?.IsMatch(text) == false)
        {
            var message = UiMessage.Pattern(_patternText!);
            violations.Add(Violation(instance, "pattern", message.Text, message));
        }

        return violations;
    }

    private List<SchemaViolation> ValidateNumber(double number, string instance)
    {
        var violations = new List<SchemaViolation>();
        if (number < _minimum)
        {
            var message = UiMessage.Minimum(_minimum.Value, number);
            violations.Add(Violation(instance, "minimum", message.Text, message));
        }

        if (number > _maximum)
        {
            var message = UiMessage.Maximum(_maximum.Value, number);
            violations.Add(Violation(instance, "maximum", message.Text, message));
        }

        return violations;
    }

    private SchemaViolation Violation(string instance, string keyword, string message, UiMessage user) =>
        SchemaViolation.Leaf(instance, $"{_pointer}/{keyword}", message, user);
}
