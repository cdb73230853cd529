namespace NovaId.Admin.Why;

/// <summary>Why, as the API explains it.</summary>
public sealed record WhyAnswer(string Namespace, string Object, string Relation, bool Allowed, string? State, IReadOnlyList<WhyPart> Parts);
