using System.Text.Json.Nodes;

namespace NovaId.Operator;

/// <summary>A relation tuple (<see href="https://www.ory.com/docs/keto/concepts/relation-tuples"/>); its subject is an id or a set.</summary>
/// <param name="Namespace">The namespace of the object.</param>
/// <param name="Object">The object.</param>
/// <param name="Relation">The relation of the subject to it.</param>
/// <param name="SubjectId">The subject; null if it is a set.</param>
/// <param name="SubjectNamespace">The namespace of the set; null if the subject is an id.</param>
/// <param name="SubjectObject">The object of the set; null if the subject is an id.</param>
/// <param name="SubjectRelation">The relation of the set; null if the subject is an id.</param>
public sealed record RelationTuple(
    string Namespace, string Object, string Relation, string? SubjectId, string? SubjectNamespace, string? SubjectObject, string? SubjectRelation)
{
    /// <summary>A tuple whose subject is an id.</summary>
    /// <param name="namespace">The namespace of the object.</param>
    /// <param name="object">The object.</param>
    /// <param name="relation">The relation of the subject to it.</param>
    /// <param name="subjectId">The subject.</param>
    /// <returns>The tuple.</returns>
    public static RelationTuple OfSubject(string @namespace, string @object, string relation, string subjectId) =>
        new(@namespace, @object, relation, subjectId, null, null, null);

    /// <summary>Reads a tuple as Keto's API writes it.</summary>
    /// <param name="tuple">The tuple.</param>
    /// <returns>The tuple.</returns>
    public static RelationTuple Parse(JsonNode tuple)
    {
        ArgumentNullException.ThrowIfNull(tuple);
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

    /// <summary>Writes the tuple as Keto's API does.</summary>
    /// <returns>The tuple.</returns>
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
