namespace NovaId.Api.Public;

/// <summary>That the API answers.</summary>
internal sealed record HealthResponse(string Status);
