using NovaId.Api.Ranks;

namespace NovaId.Api.Explanations;

/// <summary>What holds for one subject.</summary>
/// <param name="Subject">A person's id, or client: and a client's.</param>
/// <param name="Ranks">The ranks it holds, the highest first.</param>
/// <param name="Allowed">What Keto answers.</param>
/// <param name="Path">The facts that allow it, from the question to the subject; empty if it is not allowed, or not by a way that is known
/// here.</param>
/// <param name="Ways">What would allow it: one of these is enough. Empty if it is allowed.</param>
internal sealed record ExplanationPart(
    string Subject,
    IReadOnlyList<Rank> Ranks,
    bool Allowed,
    IReadOnlyList<ExplanationFact> Path,
    IReadOnlyList<ExplanationWay> Ways);
