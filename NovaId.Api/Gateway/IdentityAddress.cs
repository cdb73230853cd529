namespace NovaId.Api.Gateway;

/// <summary>An address at which a person can be reached.</summary>
internal sealed record IdentityAddress
{
    public required string Value { get; init; }

    public required string Via { get; init; }

    public bool Verified { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }
}
