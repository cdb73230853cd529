using NovaId.Api.OpenApi;

namespace NovaId.Api.Users;

/// <summary>What is to change about a person.</summary>
internal sealed record UserChange
{
    /// <summary>active or inactive.</summary>
    [NamedValues(NamedValues.PersonState)]
    public required string State { get; init; }
}
