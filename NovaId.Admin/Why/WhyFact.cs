namespace NovaId.Admin.Why;

/// <summary>A fact that Keto holds.</summary>
public sealed record WhyFact(string Namespace, string Object, string Relation, string? Subject, string? Rank);
