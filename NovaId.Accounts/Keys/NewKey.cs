using Microsoft.Extensions.Primitives;

namespace NovaId.Accounts.Keys;

/// <summary>A key to be made, as the API takes it and as the form holds it.</summary>
public sealed record NewKey(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Capabilities)
{
    /// <summary>What the form offers before anybody touched it.</summary>
    public static NewKey Empty { get; } = new("", ["novaid.read"], []);

    public static NewKey Read(StringValues name, StringValues scopes, StringValues capabilities) => new(name.ToString().Trim(), Values(scopes), Values(capabilities));

    private static string[] Values(StringValues values) => [.. values.Where(value => !string.IsNullOrEmpty(value)).Select(value => value!).Distinct()];
}
