namespace NovaId.Api.Public;

/// <summary>What anyone may read.</summary>
internal sealed record PublicResponse(string Name, string Message);
