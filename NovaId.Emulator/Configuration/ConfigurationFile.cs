using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NovaId.Emulator.Configuration;

/// <summary>Reads an Ory configuration file (YAML or JSON) into a <see cref="ConfigurationNode"/>, and refuses what the emulator does not know.</summary>
internal static class ConfigurationFile
{
    /// <summary>Reads a file of any shape, without looking at its keys.</summary>
    /// <param name="path">The file.</param>
    /// <param name="address">The zone's address, which values that begin with the declared one follow; null leaves them.</param>
    public static ConfigurationNode Read(string path, ZoneAddress? address = null)
    {
        if (!File.Exists(path))
        {
            throw new ConfigurationException(path, 0, "(the whole file)", "does not exist. Restore it, or name the right folder with --config.");
        }

        try
        {
            // The parser resolves anchors and rejects a key that stands twice.
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents.Count switch
            {
                1 => Convert(path, "", stream.Documents[0].RootNode, address),
                0 => throw new ConfigurationException(path, 0, "(the whole file)", "is empty. Restore it."),
                _ => throw new ConfigurationException(path, 0, "(the whole file)", "holds several documents. Keep one."),
            };
        }
        catch (YamlException exception)
        {
            throw new ConfigurationException(path, (int)exception.Start.Line, "(the whole file)", $"is not valid YAML: {exception.Message}");
        }
    }

    /// <summary>
    /// Reads the configuration file of a service, lays the service's environment over it as Ory does (the path in capitals with
    /// underscores), and stops at any key that is not known.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">The service's own environment; names that belong to no known key are refused.</param>
    /// <param name="known">The keys that the emulator knows. A star stands for any one key, [] for any item of a list, and a path that
    /// ends in ".**" takes everything below it.</param>
    /// <param name="address">The zone's address, which values that begin with the declared one follow; null leaves them.</param>
    public static ConfigurationNode ReadService(
        string path, IReadOnlyDictionary<string, string> environment, IReadOnlyCollection<string> known, ZoneAddress? address = null)
    {
        var root = Read(path, address);
        foreach (var (name, value) in environment)
        {
            var key = known.FirstOrDefault(k => !k.Contains('[') && EnvironmentName(k) == name)
                ?? throw new ConfigurationException("environment", 0, name, "belongs to no key that the emulator knows. Remove it.");
            root = root.With(key, value, "environment");
        }

        RequireKnown(root, known);
        return root;
    }

    /// <summary>Stops at the first key, in the order of the file, that no known path allows.</summary>
    public static void RequireKnown(ConfigurationNode root, IReadOnlyCollection<string> known)
    {
        var patterns = known.Select(k => k.Replace("[]", ".[]").Split('.')).ToArray();
        Walk(root, [], patterns);
    }

    private static void Walk(ConfigurationNode node, List<string> path, string[][] patterns)
    {
        if (path.Count > 0 && !patterns.Any(pattern => Matches(pattern, path, leaf: !node.IsMapping && !node.IsSequence)))
        {
            throw node.Error("is a key that the emulator does not know. Correct it, or run the zone on real Ory.");
        }

        foreach (var (key, child) in node.Entries)
        {
            Walk(child, [.. path, key], patterns);
        }

        foreach (var child in node.Items)
        {
            Walk(child, [.. path, "[]"], patterns);
        }
    }

    /// <summary>A leaf must match a whole pattern; a mapping or a list may match the beginning of one.</summary>
    private static bool Matches(string[] pattern, List<string> path, bool leaf)
    {
        for (var i = 0; i < path.Count; i++)
        {
            if (i >= pattern.Length)
            {
                return false;
            }

            if (pattern[i] == "**")
            {
                return true;
            }

            if (pattern[i] != "*" && pattern[i] != path[i])
            {
                return false;
            }
        }

        return !leaf || pattern.Length == path.Count || pattern[path.Count] == "**";
    }

    private static string EnvironmentName(string key) => key.Replace('.', '_').ToUpperInvariant();

    private static ConfigurationNode Convert(string file, string path, YamlNode node, ZoneAddress? address, int line = 0)
    {
        // A value is found by the line of its key, which is where a reader looks.
        line = line > 0 ? line : (int)node.Start.Line;
        switch (node)
        {
            case YamlMappingNode mapping:
                var entries = new Dictionary<string, ConfigurationNode>();
                foreach (var (key, value) in mapping.Children)
                {
                    var name = ((YamlScalarNode)key).Value!;
                    entries[name] = Convert(file, ConfigurationNode.Join(path, name), value, address, (int)key.Start.Line);
                }

                return ConfigurationNode.Mapping(file, line, path, entries);
            case YamlSequenceNode sequence:
                return ConfigurationNode.Sequence(file, line, path, [.. sequence.Children.Select((item, i) => Convert(file, $"{path}[{i}]", item, address))]);
            case YamlScalarNode scalar:
                var quoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted or ScalarStyle.Literal or ScalarStyle.Folded;
                var text = scalar.Value ?? "";
                return ConfigurationNode.Scalar(file, line, path, address?.Follow(text) ?? text, quoted);
            default:
                throw new ConfigurationException(file, line, path, "is of a kind that Ory configuration does not have.");
        }
    }
}
