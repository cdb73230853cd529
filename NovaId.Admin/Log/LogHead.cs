namespace NovaId.Admin.Log;

/// <summary>The last record and its hash.</summary>
public sealed record LogHead(long Id, string Hash);
