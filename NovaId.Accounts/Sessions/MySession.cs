namespace NovaId.Accounts.Sessions;

/// <summary>One of the person's sessions, as the API lists them.</summary>
public sealed record MySession(
    string Id,
    bool IsCurrent,
    string? UserAgent,
    string? Address,
    string? AssuranceLevel,
    IReadOnlyList<string>? Methods,
    DateTimeOffset? Since,
    DateTimeOffset? AuthenticatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt)
{
    /// <summary>The device in words.</summary>
    public string Device => DeviceName.Of(UserAgent);
}
