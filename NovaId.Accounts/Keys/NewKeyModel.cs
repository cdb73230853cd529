namespace NovaId.Accounts.Keys;

/// <summary>The form for a new key, with what was entered and what was wrong with it.</summary>
public sealed record NewKeyModel(NewKey Key, IReadOnlyList<string> Capabilities, string? Problem, string? NameProblem);
