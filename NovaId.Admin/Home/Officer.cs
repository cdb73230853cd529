namespace NovaId.Admin.Home;

/// <summary>Whoever is in front of the page, as the API says it (<c>GET /api/me</c>).</summary>
public sealed record Officer(string Id, string? Rank);
