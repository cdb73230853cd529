using NovaId.Emulator.Configuration;

namespace NovaId.Tests.Configuration.Proofs;

/// <summary>A rule as its file says it, with the language of its URL.</summary>
internal sealed record ConfiguredRule(
    string Id, IReadOnlyList<string> Methods, string Url, Uri Upstream, string StripPath, ConfigurationNode Node)
{
    /// <summary>Every URL that the rule matches and that a request can have.</summary>
    public Language Language { get; } = Language.Intersect(PatternCompiler.Compile(Url), RuleProver.PossibleUrls);

    public IReadOnlyList<ConfigurationNode> Authenticators => Node["authenticators"].Items;

    public IReadOnlyList<ConfigurationNode> Mutators => Node["mutators"].Items;

    public static IReadOnlyList<ConfiguredRule> Read(string file) =>
        [.. ConfigurationFile.Read(file).Items.Select(node => new ConfiguredRule(
            node["id"].RequireString(),
            node["match.methods"].Strings(),
            node["match.url"].RequireString(),
            node["upstream.url"].Uri(),
            node["upstream.strip_path"].String(""),
            node))];

    /// <summary>The rules of every zone, and those that only the container zone puts behind them.</summary>
    public static IReadOnlyList<ConfiguredRule> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*-rule.yml").Order(StringComparer.Ordinal).Prepend(Path.Combine(folder, "access-rules.yml")).SelectMany(Read)];

    public override string ToString() => Id;
}
