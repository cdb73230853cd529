namespace NovaId.Emulator.Keto.Opl;

/// <summary>A token of an OPL file.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its text; of a string literal without the quotes, of an error the message.</param>
/// <param name="Start">Where it begins in the source.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal readonly record struct OplToken(OplTokenKind Kind, string Text, int Start, int End);
