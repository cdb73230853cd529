namespace NovaId.Admin.Why;

/// <summary>Something that would allow it.</summary>
public sealed record WhyWay(string Kind, string? Rank);
