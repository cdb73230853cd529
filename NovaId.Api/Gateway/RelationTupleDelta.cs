namespace NovaId.Api.Gateway;

/// <summary>One change of a transaction on tuples.</summary>
internal sealed record RelationTupleDelta(string Action, RelationTuple RelationTuple);
