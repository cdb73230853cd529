namespace NovaId.Admin.Log;

/// <summary>A decision, as the API lists it.</summary>
public sealed record LogEntry(
    long Id,
    DateTimeOffset? Time,
    string? Method,
    string? Path,
    int Status,
    double Milliseconds,
    string? Authentication,
    string? Subject,
    string? ClientId,
    string? Rank,
    string? Required,
    bool Allowed,
    string? Reason,
    string? TraceId)
{
    /// <summary>Whether the subject is a person, who has a page of their own.</summary>
    public bool IsPerson => Guid.TryParseExact(Subject, "D", out _);
}
