using System.Text.RegularExpressions;

namespace Aspire.Hosting.Networks;

/// <summary>What came of a question, with the first words that were heard.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Text">The first words.</param>
internal sealed partial record Reply(Outcome Outcome, string Text = "")
{
    private const int Length = 80;

    public static Reply Unknown { get; } = new(Outcome.Unknown);

    /// <summary>Judges what a service said.</summary>
    public static Reply Said(Greeting greeting, string text) =>
        Regex.IsMatch(text, greeting.Answer, RegexOptions.None, TimeSpan.FromSeconds(1)) && (text.Length > 0 || greeting.Path is not null)
            ? new(Outcome.Answers, Shorten(text))
            : Other(text);

    /// <summary>What was said was not what the service says.</summary>
    public static Reply Other(string text) =>
        string.IsNullOrWhiteSpace(text) ? new(Outcome.NothingSaid) : new(Outcome.OtherAnswer, Shorten(text));

    private static string Shorten(string text)
    {
        var line = Unprintable().Replace(text, " ").Trim();
        return line.Length <= Length ? line : line[..Length];
    }

    [GeneratedRegex(@"[^\x20-\x7e]+")]
    private static partial Regex Unprintable();
}
