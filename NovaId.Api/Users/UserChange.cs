namespace NovaId.Api.Users;

/// <summary>What is to change about a person.</summary>
internal sealed record UserChange
{
    /// <summary>active or inactive.</summary>
    public required string State { get; init; }
}
