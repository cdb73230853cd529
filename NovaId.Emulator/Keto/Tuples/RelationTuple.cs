namespace NovaId.Emulator.Keto.Tuples;

/// <summary>That a subject belongs to a subject set, as the store holds it or as a check asks for it.</summary>
/// <param name="Set">Namespace, object and relation.</param>
/// <param name="Subject">The subject.</param>
internal sealed record RelationTuple(SubjectSet Set, Subject Subject);
