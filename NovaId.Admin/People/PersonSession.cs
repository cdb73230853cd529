namespace NovaId.Admin.People;

/// <summary>A session of a person.</summary>
public sealed record PersonSession(string Id, string? UserAgent, string? Address, string? AssuranceLevel, DateTimeOffset? Since, DateTimeOffset? ExpiresAt);
