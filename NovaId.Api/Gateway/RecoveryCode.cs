using System.Text.Json.Serialization;

namespace NovaId.Api.Gateway;

/// <summary>A code with which a person gets in again, as Kratos makes it.</summary>
internal sealed record RecoveryCode
{
    /// <summary>The page that takes the code.</summary>
    public required string RecoveryLink { get; init; }

    [JsonPropertyName("recovery_code")]
    public required string Code { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Nothing, since the code is a secret.</summary>
    public override string ToString() => nameof(RecoveryCode);
}
