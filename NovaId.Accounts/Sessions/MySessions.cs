namespace NovaId.Accounts.Sessions;

/// <summary>The person's sessions.</summary>
public sealed record MySessions(IReadOnlyList<MySession> Items);
