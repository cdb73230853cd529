namespace NovaId.Accounts.Home;

/// <summary>What the API says of the person (<c>GET /api/me</c>).</summary>
public sealed record Account(string? Rank);
