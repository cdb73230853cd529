namespace NovaId.Pages.Gateway;

/// <summary>A session of Kratos, as <c>/sessions/whoami</c> shows it.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="Active">Whether it counts.</param>
/// <param name="AuthenticatedAt">When the person last showed who they are.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="AuthenticatorAssuranceLevel">aal1, or aal2 after a second factor.</param>
/// <param name="AuthenticationMethods">How they showed it.</param>
/// <param name="Identity">The person.</param>
public sealed record PersonSession(
    string Id,
    bool Active,
    DateTimeOffset? AuthenticatedAt,
    DateTimeOffset? ExpiresAt,
    string? AuthenticatorAssuranceLevel,
    IReadOnlyList<SessionAuthenticationMethod>? AuthenticationMethods,
    PersonIdentity? Identity)
{
    /// <summary>What to call the person: the name, or else the address.</summary>
    public string DisplayName => Identity?.Traits?.DisplayName ?? "";
}
