namespace NovaId.Emulator.Hydra;

/// <summary>Tokens as the client receives them.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="RefreshToken">The refresh token; null if there is none.</param>
internal sealed record IssuedTokens(string AccessToken, string? RefreshToken);
