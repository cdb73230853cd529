namespace NovaId.Admin.Log;

/// <summary>A page of the access log, how it was asked for, and where the next one is.</summary>
public sealed record LogModel(IReadOnlyList<LogEntry> Entries, LogFilter Filter, string? Next, bool IsFirst);
