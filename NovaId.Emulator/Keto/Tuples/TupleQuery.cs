namespace NovaId.Emulator.Keto.Tuples;

/// <summary>A filter for relation tuples; null takes anything.</summary>
internal sealed record TupleQuery(string? Namespace, string? Object, string? Relation, Subject? Subject)
{
    public bool Matches(RelationTuple tuple) =>
        (Namespace is null || Namespace == tuple.Set.Namespace)
        && (Object is null || Object == tuple.Set.Object)
        && (Relation is null || Relation == tuple.Set.Relation)
        && (Subject is null || Subject == tuple.Subject);
}
