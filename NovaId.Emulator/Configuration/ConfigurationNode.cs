using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NovaId.Emulator.Configuration;

/// <summary>
/// One value of an Ory configuration file, with the place it came from, so that every complaint can name it. A node that is not in the
/// file is there all the same, with <see cref="Exists"/> false: asking for what is missing gives the default or a clear error.
/// </summary>
internal sealed partial class ConfigurationNode
{
    private readonly Dictionary<string, ConfigurationNode>? _mapping;
    private readonly List<ConfigurationNode>? _sequence;
    private readonly string? _scalar;

    private ConfigurationNode(
        string file,
        int line,
        string path,
        Dictionary<string, ConfigurationNode>? mapping,
        List<ConfigurationNode>? sequence,
        string? scalar,
        bool quoted,
        bool exists)
    {
        File = file;
        Line = line;
        Path = path;
        _mapping = mapping;
        _sequence = sequence;
        _scalar = scalar;
        Quoted = quoted;
        Exists = exists;
    }

    public string File { get; }

    /// <summary>The line in <see cref="File"/>, from 1; 0 if the value came from the environment.</summary>
    public int Line { get; }

    /// <summary>The keys from the root, joined by dots; the items of a sequence as [0], [1] and so on.</summary>
    public string Path { get; }

    public bool Exists { get; }

    /// <summary>Whether the scalar stood in quotes, which makes "false" a string.</summary>
    public bool Quoted { get; }

    public bool IsMapping => _mapping is not null;

    public bool IsSequence => _sequence is not null;

    public bool IsScalar => Exists && _mapping is null && _sequence is null;

    public IEnumerable<KeyValuePair<string, ConfigurationNode>> Entries => _mapping ?? Enumerable.Empty<KeyValuePair<string, ConfigurationNode>>();

    public IReadOnlyList<ConfigurationNode> Items => _sequence ?? [];

    /// <summary>The node under a key; dots go deeper.</summary>
    public ConfigurationNode this[string key]
    {
        get
        {
            var node = this;
            foreach (var part in key.Split('.'))
            {
                node = node._mapping is not null && node._mapping.TryGetValue(part, out var child)
                    ? child
                    : new ConfigurationNode(node.File, node.Line, Join(node.Path, part), null, null, null, quoted: false, exists: false);
            }

            return node;
        }
    }

    public static ConfigurationNode Mapping(string file, int line, string path, Dictionary<string, ConfigurationNode> entries) =>
        new(file, line, path, entries, null, null, quoted: false, exists: true);

    public static ConfigurationNode Sequence(string file, int line, string path, List<ConfigurationNode> items) =>
        new(file, line, path, null, items, null, quoted: false, exists: true);

    public static ConfigurationNode Scalar(string file, int line, string path, string value, bool quoted) =>
        new(file, line, path, null, null, value, quoted, exists: true);

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public ConfigurationException Error(string problem) => new(File, Line, Path.Length == 0 ? "(the whole file)" : Path, problem);

    public string RequireString() =>
        IsScalar ? _scalar! : throw Error(Exists ? "must be a single value." : "is missing. Set it in the file.");

    public string String(string fallback) => Exists ? RequireString() : fallback;

    public string? OptionalString() => Exists ? RequireString() : null;

    public int Integer(int fallback)
    {
        if (!Exists)
        {
            return fallback;
        }

        return int.TryParse(RequireString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error($"must be a whole number, not '{_scalar}'.");
    }

    public bool Boolean(bool fallback)
    {
        if (!Exists)
        {
            return fallback;
        }

        return RequireString() switch
        {
            "true" => true,
            "false" => false,
            var other => throw Error($"must be true or false, not '{other}'."),
        };
    }

    /// <summary>A duration in Go's form, such as 12h, 15m, 1m30s or 500ms.</summary>
    public TimeSpan Duration(TimeSpan fallback)
    {
        if (!Exists)
        {
            return fallback;
        }

        var text = RequireString();
        if (!DurationForm().IsMatch(text))
        {
            throw Error($"must be a duration such as 12h, 15m or 30s, not '{text}'.");
        }

        var total = TimeSpan.Zero;
        foreach (Match part in DurationPart().Matches(text))
        {
            var number = double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture);
            total += part.Groups[2].Value switch
            {
                "h" => TimeSpan.FromHours(number),
                "m" => TimeSpan.FromMinutes(number),
                "s" => TimeSpan.FromSeconds(number),
                "ms" => TimeSpan.FromMilliseconds(number),
                "us" => TimeSpan.FromMicroseconds(number),
                _ => TimeSpan.FromMicroseconds(number / 1000),
            };
        }

        return total;
    }

    public Uri Uri()
    {
        var text = RequireString();
        return System.Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw Error($"must be an absolute address, not '{text}'.");
    }

    public IReadOnlyList<string> Strings()
    {
        if (Exists && !IsSequence)
        {
            throw Error("must be a list.");
        }

        return [.. Items.Select(item => item.RequireString())];
    }

    /// <summary>One of the given words.</summary>
    public string OneOf(string fallback, params ReadOnlySpan<string> allowed)
    {
        var value = String(fallback);
        return allowed.Contains(value) ? value : throw Error($"is '{value}', which the emulator does not know. It knows: {string.Join(", ", allowed)}.");
    }

    /// <summary>The same value as JSON, with YAML's plain numbers, booleans and null recognised.</summary>
    public JsonNode? ToJson()
    {
        if (_mapping is not null)
        {
            var result = new JsonObject();
            foreach (var (key, value) in _mapping)
            {
                result[key] = value.ToJson();
            }

            return result;
        }

        if (_sequence is not null)
        {
            return new JsonArray([.. _sequence.Select(item => item.ToJson())]);
        }

        if (_scalar is null || (!Quoted && _scalar is "null" or "~" or ""))
        {
            return null;
        }

        if (Quoted)
        {
            return JsonValue.Create(_scalar);
        }

        return _scalar switch
        {
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(_scalar, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when double.TryParse(_scalar, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(_scalar),
        };
    }

    /// <summary>This tree with another's values laid over it: mappings join, everything else is replaced, as Oathkeeper does it.</summary>
    public ConfigurationNode Overlay(ConfigurationNode other)
    {
        if (!other.Exists)
        {
            return this;
        }

        if (_mapping is null || other._mapping is null)
        {
            return other;
        }

        var merged = new Dictionary<string, ConfigurationNode>(_mapping);
        foreach (var (key, value) in other._mapping)
        {
            merged[key] = merged.TryGetValue(key, out var mine) ? mine.Overlay(value) : value;
        }

        return Mapping(other.File, other.Line, other.Path, merged);
    }

    /// <summary>This tree with the value at a path replaced by one from the environment.</summary>
    public ConfigurationNode With(string path, string value, string source)
    {
        var (head, rest) = path.IndexOf('.') is var dot and >= 0 ? (path[..dot], path[(dot + 1)..]) : (path, null);
        var entries = _mapping is null ? [] : new Dictionary<string, ConfigurationNode>(_mapping);
        var here = Join(Path, head);
        if (rest is not null)
        {
            var child = entries.TryGetValue(head, out var existing) && existing.IsMapping ? existing : Mapping(source, 0, here, []);
            entries[head] = child.With(rest, value, source);
        }
        else if (entries.TryGetValue(head, out var existing) && existing.IsSequence)
        {
            // Ory takes a list from the environment with commas between the items.
            entries[head] = Sequence(source, 0, here, [.. value.Split(',').Select((item, i) => Scalar(source, 0, $"{here}[{i}]", item, quoted: true))]);
        }
        else
        {
            entries[head] = Scalar(source, 0, here, value, quoted: false);
        }

        return Mapping(File, Line, Path, entries);
    }

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$")]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]+)?)(ns|us|ms|s|m|h)")]
    private static partial Regex DurationPart();
}
