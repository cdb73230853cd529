namespace NovaId.Api.Http;

/// <summary>What a login lacks, and the way to it: the member <c>assurance</c> of a problem of the type <see cref="Type"/>.</summary>
/// <param name="Missing">recentLogin, secondFactor, or both.</param>
/// <param name="RequiredLevel">aal1, or aal2 with a second factor.</param>
/// <param name="MaximumAge">How long ago a login may be, in seconds.</param>
/// <param name="Level">What the caller has; null for none.</param>
/// <param name="AuthenticatedAt">When the caller last showed who they are; null if that is not known.</param>
/// <param name="CanStepUp">Whether the caller can get there at all: a client that acts for itself cannot.</param>
/// <param name="StepUp">Where a browser goes; return_to brings it back.</param>
internal sealed record AssuranceProblem(
    IReadOnlyList<string> Missing,
    string RequiredLevel,
    int MaximumAge,
    string? Level,
    DateTimeOffset? AuthenticatedAt,
    bool CanStepUp,
    string? StepUp)
{
    /// <summary>The problem's type (RFC 9457, section 3.1.1).</summary>
    public const string Type = "urn:novaid:problem:insufficient-assurance";

    public const string RecentLogin = "recentLogin";
    public const string SecondFactor = "secondFactor";
}
