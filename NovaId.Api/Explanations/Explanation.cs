namespace NovaId.Api.Explanations;

/// <summary>Why somebody may do something, or what is missing.</summary>
/// <param name="Namespace">Rank, Capability or Document.</param>
/// <param name="Object">The rank, capability or document.</param>
/// <param name="Relation">The permit.</param>
/// <param name="Allowed">Whether Keto allows it, to everyone in <paramref name="Parts"/>.</param>
/// <param name="State">active or inactive: an inactive person is refused whatever Keto says. Null for a program of nobody's.</param>
/// <param name="Parts">Who is asked about: the subject, and for an API key its owner too, because both must be allowed.</param>
internal sealed record Explanation(
    string Namespace,
    string Object,
    string Relation,
    bool Allowed,
    string? State,
    IReadOnlyList<ExplanationPart> Parts);
