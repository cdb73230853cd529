namespace NovaId.Admin.Log;

/// <summary>A page of the access log.</summary>
public sealed record LogEntries(IReadOnlyList<LogEntry> Items, string? NextPageToken);
