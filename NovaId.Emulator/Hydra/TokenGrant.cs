namespace NovaId.Emulator.Hydra;

/// <summary>What a token request is given.</summary>
/// <param name="Session">What the tokens say.</param>
/// <param name="AccessTokenLifespan">How long the access token is good.</param>
/// <param name="IdTokenLifespan">How long the ID token is good, if there is one.</param>
/// <param name="RefreshTokenLifespan">How long the refresh token is good; null if there is none.</param>
/// <param name="IssuesIdToken">Whether there is an ID token.</param>
internal sealed record TokenGrant(
    TokenSession Session,
    TimeSpan AccessTokenLifespan,
    TimeSpan IdTokenLifespan,
    TimeSpan? RefreshTokenLifespan,
    bool IssuesIdToken);
