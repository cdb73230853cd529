using System.Text.Json.Nodes;
using NovaId.Emulator.Keto.Tuples;

namespace NovaId.Tests.Keto;

/// <summary>Relation tuples in Zanzibar's notation: <c>namespace:object#relation@subject</c>, the subject an id or a subject set.</summary>
internal static class Tuples
{
    public static RelationTuple Parse(string text)
    {
        var at = text.IndexOf('@');
        var subject = text[(at + 1)..];
        return new RelationTuple(Set(text[..at]), subject.Contains('#') ? Set(subject) : new SubjectId(subject));
    }

    public static JsonObject Json(string text)
    {
        var tuple = Parse(text);
        var json = new JsonObject { ["namespace"] = tuple.Set.Namespace, ["object"] = tuple.Set.Object, ["relation"] = tuple.Set.Relation };
        if (tuple.Subject is SubjectSet set)
        {
            json["subject_set"] = new JsonObject { ["namespace"] = set.Namespace, ["object"] = set.Object, ["relation"] = set.Relation };
        }
        else
        {
            json["subject_id"] = ((SubjectId)tuple.Subject).Id;
        }

        return json;
    }

    public static string Text(JsonNode json)
    {
        var subject = json["subject_set"] is { } set ? $"{set["namespace"]}:{set["object"]}#{set["relation"]}" : (string)json["subject_id"]!;
        return $"{json["namespace"]}:{json["object"]}#{json["relation"]}@{subject}";
    }

    /// <summary>The parameters of a check or a list.</summary>
    public static string Query(string text)
    {
        var tuple = Parse(text);
        var query = $"namespace={tuple.Set.Namespace}&object={tuple.Set.Object}&relation={tuple.Set.Relation}";
        return tuple.Subject is SubjectSet set
            ? $"{query}&subject_set.namespace={set.Namespace}&subject_set.object={set.Object}&subject_set.relation={set.Relation}"
            : $"{query}&subject_id={((SubjectId)tuple.Subject).Id}";
    }

    private static SubjectSet Set(string text)
    {
        var colon = text.IndexOf(':');
        var hash = text.IndexOf('#');
        return new SubjectSet(text[..colon], text[(colon + 1)..hash], text[(hash + 1)..]);
    }
}
