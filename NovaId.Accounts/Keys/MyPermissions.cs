namespace NovaId.Accounts.Keys;

/// <summary>What the person may do, and so what a key of theirs can be allowed.</summary>
public sealed record MyPermissions(IReadOnlyList<string>? Capabilities);
