namespace NovaId.Emulator.Hydra;

/// <summary>An authorization code as it is kept.</summary>
internal sealed class AuthorizationCode(TokenSession session, DateTimeOffset expiresAt)
{
    public TokenSession Session => session;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>The redirect_uri of the authorization request; empty if it had none.</summary>
    public required string RedirectUri { get; init; }

    public required string CodeChallenge { get; init; }

    /// <summary>Whether the code challenge is still there: the first attempt to answer it takes it away, right or wrong.</summary>
    public bool HasChallenge { get; set; }

    public bool IsActive { get; set; } = true;
}
