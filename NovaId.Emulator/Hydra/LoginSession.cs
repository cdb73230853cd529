namespace NovaId.Emulator.Hydra;

/// <summary>A login that happened in a browser.</summary>
internal sealed record LoginSession(
    string Id, string Subject, DateTimeOffset AuthenticatedAt, bool Remember, string IdentityProviderSessionId);
