namespace NovaId.Emulator.Hydra;

/// <summary>An access or refresh token as it is kept.</summary>
internal sealed class StoredToken(TokenSession session, DateTimeOffset expiresAt)
{
    public TokenSession Session => session;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>Whether it may still be used; a refresh token is kept after its use so that a second use is noticed.</summary>
    public bool IsActive { get; set; } = true;
}
