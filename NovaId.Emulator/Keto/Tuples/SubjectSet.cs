namespace NovaId.Emulator.Keto.Tuples;

/// <summary>All who have a relation to an object; with an empty relation, the object itself.</summary>
/// <param name="Namespace">The object's namespace.</param>
/// <param name="Object">The object.</param>
/// <param name="Relation">The relation, a permission, or nothing.</param>
internal sealed record SubjectSet(string Namespace, string Object, string Relation) : Subject
{
    public override string ToString() => $"{Namespace}:{Object}#{Relation}";
}
