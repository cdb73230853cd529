using System.Text.Json.Serialization;
using NovaId.Emulator.Keto.Tuples;

namespace NovaId.Emulator.Keto;

/// <summary>The bodies of Keto's requests and answers, by the names of its API description (openapi/keto.json).</summary>
internal static class KetoModels
{
    internal sealed record SubjectSetReference(string? Namespace, string? Object, string? Relation);

    internal sealed record Relationship(
        string? Namespace,
        string? Object,
        string? Relation,
        string? SubjectId,
        SubjectSetReference? SubjectSet)
    {
        public static readonly Relationship Empty = new("", "", "", null, null);

        public static Relationship Of(RelationTuple tuple) => new(
            tuple.Set.Namespace,
            tuple.Set.Object,
            tuple.Set.Relation,
            (tuple.Subject as SubjectId)?.Id,
            tuple.Subject is SubjectSet set ? new SubjectSetReference(set.Namespace, set.Object, set.Relation) : null);

        /// <summary>The subject, if there is one; an id goes before a set.</summary>
        [JsonIgnore]
        public Subject? Subject => this switch
        {
            { SubjectId: { } id } => new SubjectId(id),
            { SubjectSet: { } set } => new SubjectSet(set.Namespace ?? "", set.Object ?? "", set.Relation ?? ""),
            _ => null,
        };
    }

    internal sealed record Patch(string? Action, Relationship? RelationTuple);

    internal sealed record BatchCheck(Relationship?[]? Tuples);

    internal sealed record CheckResult(bool Allowed, string? Error = null);

    internal sealed record BatchCheckResult(CheckResult[] Results);

    internal sealed record RelationshipPage(Relationship[] RelationTuples, string NextPageToken);

    internal sealed record NamespaceName(string Name);

    internal sealed record NamespaceList(NamespaceName[] Namespaces);

    internal sealed record SyntaxCheckResult(SyntaxError[]? Errors);

    internal sealed record SyntaxError(string Message, SourcePosition Start, SourcePosition End);

    internal sealed record SourcePosition([property: JsonPropertyName("Line")] int Line, int Column);

    internal sealed record HealthStatus(string Status);

    internal sealed record VersionInfo(string Version);

    internal sealed record ErrorBody(ErrorDetail Error);

    internal sealed record ErrorDetail(int Code, string Status, string? Request, string? Reason, string Message);

    internal sealed record Problem(string Title, int Status, string Detail);
}
