using System.Text.Json.Nodes;
using Ory.Keto.Client.Model;

namespace NovaId.AppHost.Operator;

/// <summary>A relation tuple (<see href="https://www.ory.com/docs/keto/concepts/relation-tuples"/>); its subject is an id or a set.</summary>
internal sealed record RelationTuple(
    string Namespace, string Object, string Relation, string? SubjectId, string? SubjectNamespace, string? SubjectObject, string? SubjectRelation)
{
    public static RelationTuple OfSubject(string @namespace, string @object, string relation, string subjectId) =>
        new(@namespace, @object, relation, subjectId, null, null, null);

    public static RelationTuple Parse(JsonNode tuple)
    {
        var set = tuple["subject_set"];
        return new(
            tuple["namespace"]!.GetValue<string>(),
            tuple["object"]!.GetValue<string>(),
            tuple["relation"]!.GetValue<string>(),
            tuple["subject_id"]?.GetValue<string>(),
            set?["namespace"]!.GetValue<string>(),
            set?["object"]!.GetValue<string>(),
            set?["relation"]!.GetValue<string>());
    }

    public static RelationTuple From(KetoRelationship tuple) =>
        new(
            tuple.Namespace,
            tuple.Object,
            tuple.Relation,
            tuple.SubjectId,
            tuple.SubjectSet?.Namespace,
            tuple.SubjectSet?.Object,
            tuple.SubjectSet?.Relation);

    public KetoRelationship ToKeto() =>
        new(
            Namespace,
            Object,
            Relation,
            SubjectId!,
            SubjectNamespace is null ? null! : new KetoSubjectSet(SubjectNamespace, SubjectObject!, SubjectRelation!));
}
