namespace NovaId.Api.Gateway;

/// <summary>An identity as Kratos tells it.</summary>
internal sealed record Identity
{
    public const string Active = "active";
    public const string Inactive = "inactive";

    public required Guid Id { get; init; }

    public required string State { get; init; }

    public required PersonTraits Traits { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The ways in which the person signs in; null where Kratos was not asked for them, or there are none.</summary>
    public IdentityCredentials? Credentials { get; init; }

    public IdentityAddress[]? VerifiableAddresses { get; init; }

    public IdentityMetadata? MetadataPublic { get; init; }

    public bool IsActive => State == Active;

    /// <summary>Whether their account is being deleted: from the first step on nothing else is allowed.</summary>
    public bool IsLeaving => MetadataPublic?.Leaving is not null;

    /// <summary>Whether a second factor is set up. Only an identity that was asked for by itself tells.</summary>
    public bool HasSecondFactor => Credentials is { Totp: not null } or { LookupSecret: not null };
}
