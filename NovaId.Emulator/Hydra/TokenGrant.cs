namespace NovaId.Emulator.Hydra;

/// <summary>What the token endpoint has decided to issue.</summary>
internal sealed record TokenGrant(TokenSession Session, DateTimeOffset AccessTokenExpiresAt)
{
    /// <summary>When the refresh token expires; null if there is none.</summary>
    public DateTimeOffset? RefreshTokenExpiresAt { get; init; }

    /// <summary>How long the ID token is good for; null if there is none.</summary>
    public TimeSpan? IdTokenLifespan { get; init; }
}
