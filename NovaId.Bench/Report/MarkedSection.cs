namespace NovaId.Bench.Report;

/// <summary>A part of a hand-written text that a program writes anew: what stands between its markers, and nothing else.</summary>
internal static class MarkedSection
{
    /// <summary>The text with the section replaced, or put at its end if it has no such section.</summary>
    /// <exception cref="BenchException">The markers are not there once each, in their order.</exception>
    public static string Replace(string text, string name, string content)
    {
        var (begin, end) = ($"<!-- {name}: begin (written by NovaId.Bench) -->", $"<!-- {name}: end -->");
        var section = $"{begin}\n{content.Replace("\r\n", "\n", StringComparison.Ordinal).Trim()}\n{end}";
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 && to < 0)
        {
            return text.Length == 0 ? $"{section}\n" : $"{text.TrimEnd()}\n\n{section}\n";
        }

        var isWhole = from >= 0 && to > from
            && text.IndexOf(begin, from + 1, StringComparison.Ordinal) < 0 && text.IndexOf(end, to + 1, StringComparison.Ordinal) < 0;
        return isWhole
            ? text[..from] + section + text[(to + end.Length)..]
            : throw new BenchException($"The markers of '{name}' must stand once each, '{begin}' before '{end}'.");
    }

    /// <summary>Replaces the section in a file, which is made if it is not there.</summary>
    public static async Task WriteAsync(string path, string name, string content)
    {
        var text = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        await File.WriteAllTextAsync(path, Replace(text, name, content));
    }
}
