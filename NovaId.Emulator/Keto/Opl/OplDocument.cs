using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Keto.Opl;

/// <summary>An OPL file as it was understood.</summary>
/// <param name="Namespaces">Its classes.</param>
/// <param name="Errors">What Keto complains about.</param>
/// <param name="SilentErrors">What Keto passes over without a word, and what therefore means something else than it says.</param>
internal sealed record OplDocument(
    IReadOnlyList<OplNamespace> Namespaces,
    IReadOnlyList<OplError> Errors,
    IReadOnlyList<OplError> SilentErrors)
{
    /// <summary>Reads the file that the configuration names.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigurationException">It holds a mistake. Keto would start all the same, without a single namespace, and deny
    /// everything; and what it passes over silently would grant or deny what nobody meant.</exception>
    public static OplDocument Load(string path)
    {
        var source = File.ReadAllText(path);
        var document = OplParser.Parse(source);
        var errors = document.SilentErrors.Concat(document.Errors).OrderBy(error => error.Start).ToList();
        if (errors.Count == 0)
        {
            return document;
        }

        var (line, column) = Place(source, errors[0].Start);
        var more = errors.Count > 1 ? $" ({errors.Count - 1} more after it)" : "";
        throw new ConfigurationException(path, line, $"column {column}", $"{errors[0].Message}{more}. Correct it.");
    }

    /// <summary>Line and column of a place in a source, both from 1.</summary>
    public static (int Line, int Column) Place(string source, int position)
    {
        var before = source.AsSpan(0, position);
        return (before.Count('\n') + 1, position - before.LastIndexOf('\n'));
    }
}
