namespace NovaId.Admin.Rights;

/// <summary>The answers.</summary>
public sealed record CheckAnswers(IReadOnlyList<CheckAnswer> Results);
