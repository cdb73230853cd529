namespace NovaId.Api.Versions;

/// <summary>Marks an endpoint whose resource has a version: its answers carry an entity tag, and a change may be bound to one.</summary>
internal sealed record VersionMetadata;
