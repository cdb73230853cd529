namespace NovaId.Admin.Rights;

/// <summary>A question and its answer.</summary>
public sealed record CheckAnswer(string Namespace, string Object, string Relation, bool Allowed);
