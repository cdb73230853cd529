namespace NovaId.Api.Gateway;

/// <summary>One way in which a person signs in, without its secret.</summary>
internal sealed record IdentityCredential
{
    public string[]? Identifiers { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}
