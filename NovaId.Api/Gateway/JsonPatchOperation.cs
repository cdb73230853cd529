namespace NovaId.Api.Gateway;

/// <summary>One operation of a JSON patch (RFC 6902) that sets a text.</summary>
internal sealed record JsonPatchOperation(string Op, string Path, string Value);
