namespace NovaId.Demo.Calls;

/// <summary>What was filled in.</summary>
internal sealed class CallForm(IReadOnlyDictionary<string, string> values)
{
    public static CallForm Empty { get; } = new(new Dictionary<string, string>());

    public string this[string name] => values.GetValueOrDefault(name, "");

    /// <summary>The values of a call's fields, out of a query or a form.</summary>
    public static CallForm Of(ApiCall call, Func<string, string?> read) =>
        new(call.Fields.ToDictionary(field => field.Name, field => read(field.Name) ?? field.Value));
}
