using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Decides whether granted scopes cover a required one.</summary>
internal static class ScopeStrategy
{
    /// <summary>The strategy of this name; null for none, where the introspection endpoint itself is asked for the scope.</summary>
    public static Func<IReadOnlyList<string>, string, bool>? Read(ConfigurationNode node) =>
        node.OneOf("none", "none", "exact", "hierarchic", "wildcard") switch
        {
            "exact" => Exact,
            "hierarchic" => Hierarchic,
            "wildcard" => Wildcard,
            _ => null,
        };

    private static bool Exact(IReadOnlyList<string> granted, string required) => granted.Contains(required);

    /// <summary>A scope covers everything below it: <c>picture</c> covers <c>picture.read</c>.</summary>
    private static bool Hierarchic(IReadOnlyList<string> granted, string required) =>
        granted.Any(scope => scope == required || required.StartsWith(scope + ".", StringComparison.Ordinal));

    /// <summary>A star stands for one part, and as the last part for all that follow.</summary>
    private static bool Wildcard(IReadOnlyList<string> granted, string required)
    {
        var parts = required.Split('.');
        return granted.Any(scope =>
        {
            var pattern = scope.Split('.');
            return pattern.Length <= parts.Length
                && (pattern.Length == parts.Length || pattern[^1] == "*")
                && pattern.Zip(parts).All(pair => pair.First == "*" ? pair.Second.Length > 0 : pair.First == pair.Second);
        });
    }
}
