using System.Text.Json.Nodes;

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

    /// <summary>As Keto's API writes it.</summary>
    public JsonObject ToJson()
    {
        var tuple = new JsonObject { ["namespace"] = Namespace, ["object"] = Object, ["relation"] = Relation };
        if (SubjectNamespace is null)
        {
            tuple["subject_id"] = SubjectId;
        }
        else
        {
            tuple["subject_set"] = new JsonObject { ["namespace"] = SubjectNamespace, ["object"] = SubjectObject, ["relation"] = SubjectRelation };
        }

        return tuple;
    }
}
