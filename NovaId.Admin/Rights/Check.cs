namespace NovaId.Admin.Rights;

/// <summary>A question to the API about the person.</summary>
public sealed record Check(string Namespace, string Object, string Relation);
