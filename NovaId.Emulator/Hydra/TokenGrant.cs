namespace NovaId.Emulator.Hydra;

/// <summary>What the token endpoint has decided to issue.</summary>
/// <param name="AccessToken">The access token as it is kept.</param>
/// <param name="RefreshToken">The refresh token as it is kept; null if there is none.</param>
/// <param name="IdTokenLifespan">How long the ID token is good for; null if there is none.</param>
internal sealed record TokenGrant(StoredToken AccessToken, StoredToken? RefreshToken, TimeSpan? IdTokenLifespan)
{
    public TokenSession Session => AccessToken.Session;
}
