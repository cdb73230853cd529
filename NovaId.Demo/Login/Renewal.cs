namespace NovaId.Demo.Login;

/// <summary>A refresh token was traded in for new tokens, or Hydra refused.</summary>
/// <param name="Tokens">The new tokens; null if it refused.</param>
/// <param name="Error">Why (RFC 6749, section 5.2); null if it did not.</param>
/// <param name="Took">How long Hydra took.</param>
internal sealed record Renewal(AppTokens? Tokens, string? Error, TimeSpan Took);
