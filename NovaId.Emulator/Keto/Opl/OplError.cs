namespace NovaId.Emulator.Keto.Opl;

/// <summary>A mistake in an OPL file.</summary>
/// <param name="Message">What was expected and what was found.</param>
/// <param name="Start">Where it begins in the source.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal sealed record OplError(string Message, int Start, int End);
