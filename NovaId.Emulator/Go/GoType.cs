using System.Text.Json;

namespace NovaId.Emulator.Go;

/// <summary>The type of a Go variable that JSON is read into, as far as it decides which JSON is refused, and with which words.</summary>
/// <param name="name">The type as Go writes it, with its package.</param>
internal abstract class GoType(string name)
{
    /// <summary>Takes anything: a json.RawMessage, or what no answer of the emulator hangs on.</summary>
    public static readonly GoType Anything = new AnyType();

    /// <summary>A string.</summary>
    public static readonly GoType Text = TextNamed("string");

    /// <summary>A bool.</summary>
    public static readonly GoType Truth = new ScalarType("bool", JsonValueKind.True, JsonValueKind.False);

    private readonly string _name = name;

    /// <summary>A string with a type of its own.</summary>
    public static GoType TextNamed(string name) => new ScalarType(name, JsonValueKind.String);

    /// <summary>A slice.</summary>
    /// <param name="item">What it holds.</param>
    /// <param name="arePointers">Whether it holds pointers to that.</param>
    /// <param name="named">Its own name; null where it has none.</param>
    public static GoType Slice(GoType item, bool arePointers = false, string? named = null) =>
        new SliceType(named ?? $"[]{(arePointers ? "*" : "")}{item._name}", item);

    /// <summary>A map.</summary>
    public static GoType Map(string name) => new ScalarType(name, JsonValueKind.Object);

    /// <summary>A struct.</summary>
    /// <param name="name">The type, with its package.</param>
    /// <param name="fields">What is read into it, by the names in JSON.</param>
    public static GoType Struct(string name, params (string Name, GoType Type)[] fields) => new StructType(name, fields);

    /// <summary>What Go says of the first value that is of another kind than the variable it is for; null where all fit. Null fits anywhere, and
    /// members that no field has are not looked at.</summary>
    public string? Mismatch(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Find(value, structName: null, path: null);

    /// <summary>Looks at a value that is not null.</summary>
    /// <param name="value">The value.</param>
    /// <param name="structName">The innermost struct around it; null where there is none.</param>
    /// <param name="path">The names on the way to it, joined by dots.</param>
    protected abstract string? Find(JsonElement value, string? structName, string? path);

    private string Refusal(JsonElement value, string? structName, string? path) =>
        GoJson.Mismatch(value, _name, path is null ? null : $"{structName}.{path}");

    private sealed class AnyType() : GoType("json.RawMessage")
    {
        protected override string? Find(JsonElement value, string? structName, string? path) => null;
    }

    private sealed class ScalarType(string name, params JsonValueKind[] kinds) : GoType(name)
    {
        protected override string? Find(JsonElement value, string? structName, string? path) =>
            kinds.Contains(value.ValueKind) ? null : Refusal(value, structName, path);
    }

    private sealed class SliceType(string name, GoType item) : GoType(name)
    {
        protected override string? Find(JsonElement value, string? structName, string? path) => value.ValueKind != JsonValueKind.Array
            ? Refusal(value, structName, path)
            : value.EnumerateArray()
                .Select(element => element.ValueKind == JsonValueKind.Null ? null : item.Find(element, structName, path))
                .FirstOrDefault(refusal => refusal is not null);
    }

    private sealed class StructType(string name, (string Name, GoType Type)[] fields) : GoType(name)
    {
        private readonly string _shortName = name.Split('.')[^1];

        protected override string? Find(JsonElement value, string? structName, string? path)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                return Refusal(value, structName, path);
            }

            foreach (var member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
            {
                foreach (var (field, type) in fields.Where(field => GoJson.IsNamed(member.Name, field.Name)))
                {
                    if (type.Find(member.Value, _shortName, path is null ? field : $"{path}.{field}") is { } refusal)
                    {
                        return refusal;
                    }
                }
            }

            return null;
        }
    }
}
