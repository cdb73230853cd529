namespace NovaId.Api.Gateway;

/// <summary>What NovaId keeps with an identity where the person may read it and only an administrator may write it.</summary>
internal sealed record IdentityMetadata
{
    /// <summary>When the deletion of the account began; null if it did not.</summary>
    public string? Leaving { get; init; }
}
