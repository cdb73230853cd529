namespace NovaId.Admin.People;

/// <summary>The rank somebody is to have; null for none.</summary>
public sealed record RankChange(string? Rank);
