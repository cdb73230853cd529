namespace NovaId.Admin.Why;

/// <summary>What holds for one subject.</summary>
public sealed record WhyPart(string Subject, IReadOnlyList<string> Ranks, bool Allowed, IReadOnlyList<WhyFact> Path, IReadOnlyList<WhyWay> Ways);
