using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>A text in which settings may stand: an address, the value of a variable, the content of a file.</summary>
internal sealed class PublishedText
{
    private readonly object[] _parts;

    private PublishedText(params object[] parts) => _parts = parts;

    /// <summary>The settings that stand in it.</summary>
    public IEnumerable<PublishedSetting> Settings => _parts.OfType<PublishedSetting>();

    /// <summary>Text without a setting.</summary>
    public static PublishedText Of(string text) => new(text);

    /// <summary>One setting and nothing else.</summary>
    public static PublishedText Of(PublishedSetting setting) => new(setting);

    /// <summary>A composite format, as <see cref="string.Format(IFormatProvider, string, object)"/> takes it, with these in its places.</summary>
    public static PublishedText Of(string format, IReadOnlyList<PublishedText> places)
    {
        var parts = new List<object>();
        var compiled = CompositeFormat.Parse(format);
        // A separator that stands in no text: where it comes, the next place begins.
        const char Separator = '\u0000';
        var marks = Enumerable.Range(0, compiled.MinimumArgumentCount).Select(place => (object)FormattableString.Invariant($"{Separator}{place}{Separator}")).ToArray();
        var pieces = string.Format(CultureInfo.InvariantCulture, compiled, marks).Split(Separator);
        for (var i = 0; i < pieces.Length; i++)
        {
            parts.AddRange(i % 2 == 0 ? [pieces[i]] : places[int.Parse(pieces[i], CultureInfo.InvariantCulture)]._parts);
        }

        return new([.. parts.Where(part => part is not "")]);
    }

    /// <summary>Writes it down.</summary>
    /// <param name="literal">How text is written.</param>
    /// <param name="setting">How a setting is written.</param>
    public string Write(Func<string, string> literal, Func<PublishedSetting, string> setting) =>
        string.Concat(_parts.Select(part => part is PublishedSetting given ? setting(given) : literal((string)part)));
}
