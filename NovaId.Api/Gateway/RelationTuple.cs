namespace NovaId.Api.Gateway;

/// <summary>A relation tuple of Keto: a fact, or, with the name of a permit as its relation, a question.</summary>
internal sealed record RelationTuple
{
    public required string Namespace { get; init; }

    public required string Object { get; init; }

    public required string Relation { get; init; }

    public string? SubjectId { get; init; }

    public SubjectSet? SubjectSet { get; init; }

    public static RelationTuple Of(string @namespace, string @object, string relation, string subject) =>
        new() { Namespace = @namespace, Object = @object, Relation = relation, SubjectId = subject };

    public static RelationTuple Of(string @namespace, string @object, string relation, SubjectSet subject) =>
        new() { Namespace = @namespace, Object = @object, Relation = relation, SubjectSet = subject };
}
