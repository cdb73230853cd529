namespace NovaId.Api.Gateway;

/// <summary>A session as Kratos tells it, with the identity it belongs to.</summary>
internal sealed record Session
{
    public required Guid Id { get; init; }

    /// <summary>Whether it counts: neither ended nor run out, and of an active identity.</summary>
    public required bool Active { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the last factor was shown.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>aal1, or aal2 with a second factor.</summary>
    public string? AuthenticatorAssuranceLevel { get; init; }

    public SessionMethod[]? AuthenticationMethods { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>From where it was used; null or empty where that was not asked for.</summary>
    public SessionDevice[]? Devices { get; init; }

    public required Identity Identity { get; init; }
}
