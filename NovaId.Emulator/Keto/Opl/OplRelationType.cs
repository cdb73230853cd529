namespace NovaId.Emulator.Keto.Opl;

/// <summary>What a relation may lead to.</summary>
/// <param name="Namespace">A namespace.</param>
/// <param name="Relation">With it, the subject set of that relation; empty for the objects of the namespace themselves.</param>
internal sealed record OplRelationType(string Namespace, string Relation);
