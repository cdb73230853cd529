namespace NovaId.Api.Gateway;

/// <summary>Which tuples to list; what is null is open.</summary>
internal sealed record TupleQuery(string Namespace, string? Object = null, string? Relation = null, string? SubjectId = null)
{
    public bool Matches(RelationTuple tuple) =>
        tuple.Namespace == Namespace
        && (Object is null || tuple.Object == Object)
        && (Relation is null || tuple.Relation == Relation)
        && (SubjectId is null || tuple.SubjectId == SubjectId);

    public string ToQueryString() =>
        $"namespace={Uri.EscapeDataString(Namespace)}{Part("object", Object)}{Part("relation", Relation)}{Part("subject_id", SubjectId)}";

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
