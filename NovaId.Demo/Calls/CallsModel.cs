namespace NovaId.Demo.Calls;

/// <summary>What was granted, which says what the calls may come to.</summary>
public sealed record CallsModel(IReadOnlyList<string> Scopes);
