namespace NovaId.Api.Gateway;

/// <summary>One operation of a JSON patch (RFC 6902) that sets what NovaId keeps with an identity.</summary>
internal sealed record MetadataPatch(string Op, string Path, IdentityMetadata Value);
