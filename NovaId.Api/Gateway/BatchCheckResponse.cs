namespace NovaId.Api.Gateway;

/// <summary>The answers of one batch check, in the order of the questions.</summary>
internal sealed record BatchCheckResponse
{
    public required BatchCheckResult[] Results { get; init; }
}
