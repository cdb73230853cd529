using Microsoft.Extensions.Primitives;

namespace NovaId.Emulator.Gateway.Templates;

/// <summary>Headers as templates see them: Go's http.Header, a map from canonical names to lists of values.</summary>
internal sealed class HeaderMap(IReadOnlyDictionary<string, StringValues> headers)
{
    public string Get(string name) => headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : "";

    public IReadOnlyList<string> Values(string name) =>
        headers.TryGetValue(name, out var values) ? [.. values.Select(value => value ?? "")] : [];

    public IEnumerable<KeyValuePair<string, object?>> Entries() =>
        headers.Select(header => new KeyValuePair<string, object?>(CanonicalName(header.Key), Values(header.Key)));

    private static string CanonicalName(string name) =>
        string.Join('-', name.Split('-').Select(part => part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant()));
}
