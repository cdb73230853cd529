namespace NovaId.Admin.Rights;

/// <summary>All questions of one page.</summary>
public sealed record CheckQuestions(IReadOnlyList<Check> Checks);
