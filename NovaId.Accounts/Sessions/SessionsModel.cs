namespace NovaId.Accounts.Sessions;

/// <summary>The person's sessions, and what was just done with them.</summary>
public sealed record SessionsModel(IReadOnlyList<MySession> Sessions, string? Done);
