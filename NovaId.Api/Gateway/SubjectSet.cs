namespace NovaId.Api.Gateway;

/// <summary>Everyone who stands in a relation to an object; with an empty relation, the object itself.</summary>
internal sealed record SubjectSet(string Namespace, string Object, string Relation);
