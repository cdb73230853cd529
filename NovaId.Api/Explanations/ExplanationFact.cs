using NovaId.Api.Gateway;

namespace NovaId.Api.Explanations;

/// <summary>A relation tuple of Keto.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Object">The object.</param>
/// <param name="Relation">The relation.</param>
/// <param name="Subject">A person's id, or client: and a client's; null where it is a rank.</param>
/// <param name="Rank">The rank, or the rank's members; null where it is a subject.</param>
internal sealed record ExplanationFact(string Namespace, string Object, string Relation, string? Subject, string? Rank)
{
    public static ExplanationFact Of(RelationTuple tuple) =>
        new(tuple.Namespace, tuple.Object, tuple.Relation, tuple.SubjectId, tuple.SubjectSet?.Object);
}
