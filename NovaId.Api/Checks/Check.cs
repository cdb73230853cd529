using NovaId.Api.OpenApi;

namespace NovaId.Api.Checks;

/// <summary>Whether the caller has a permit on an object.</summary>
internal sealed record Check
{
    /// <summary>Rank, Capability or Document.</summary>
    [NamedValues(NamedValues.PermissionNamespace)]
    public required string Namespace { get; init; }

    /// <summary>The name of the rank or capability, or the id of the document.</summary>
    public required string Object { get; init; }

    /// <summary>Rank: atLeast, commands. Capability: allow. Document: view, edit, delete.</summary>
    [NamedValues(NamedValues.Permit)]
    public required string Relation { get; init; }
}
