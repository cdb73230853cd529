namespace NovaId.Api.Gateway;

/// <summary>One answer of a batch check.</summary>
internal sealed record BatchCheckResult
{
    public required bool Allowed { get; init; }

    /// <summary>Why Keto could not answer; empty if it could.</summary>
    public string? Error { get; init; }
}
