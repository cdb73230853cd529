namespace NovaId.Admin.Why;

/// <summary>A question, its answer, and what was wrong with it.</summary>
public sealed record WhyModel(WhyQuestion Question, WhyAnswer? Answer, string? WhoProblem, string? DocumentProblem);
