namespace NovaId.Api.Checks;

/// <summary>The answers, in the order of the questions.</summary>
internal sealed record CheckResponse(IReadOnlyList<CheckResult> Results);
