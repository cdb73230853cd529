namespace NovaId.Accounts.Data;

/// <summary>Whose account, and what was wrong with the answer.</summary>
public sealed record DeleteModel(string Email, string? Problem);
