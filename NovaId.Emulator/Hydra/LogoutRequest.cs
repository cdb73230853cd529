namespace NovaId.Emulator.Hydra;

/// <summary>A logout on its way through the logout page. It never changes: an answer puts another in its place.</summary>
internal sealed record LogoutRequest
{
    public required string Challenge { get; init; }

    public required string Verifier { get; init; }

    public required string Subject { get; init; }

    public required string SessionId { get; init; }

    public required string RequestUrl { get; init; }

    public required string RedirectUrl { get; init; }

    /// <summary>The application that asks for the logout; null if the user came by herself.</summary>
    public OAuth2Client? Client { get; init; }

    public DateTimeOffset? RequestedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool IsAccepted { get; init; }

    public bool IsRejected { get; init; }

    public bool IsUsed { get; init; }
}
