namespace NovaId.Operator;

/// <summary>What somebody else wrote, as it may be shown in a terminal, which obeys some characters.</summary>
internal static class TerminalText
{
    public static string Of(IEnumerable<char> text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
