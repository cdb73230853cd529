namespace NovaId.Api.Checks;

/// <summary>A question and its answer.</summary>
internal sealed record CheckResult(string Namespace, string Object, string Relation, bool Allowed);
