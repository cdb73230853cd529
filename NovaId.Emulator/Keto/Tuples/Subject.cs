namespace NovaId.Emulator.Keto.Tuples;

/// <summary>Who or what stands at the right end of a relation tuple.</summary>
internal abstract record Subject;
