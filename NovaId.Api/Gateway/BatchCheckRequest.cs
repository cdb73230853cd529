namespace NovaId.Api.Gateway;

/// <summary>The questions of one batch check.</summary>
internal sealed record BatchCheckRequest(IReadOnlyList<RelationTuple> Tuples);
