namespace NovaId.Api.Users;

/// <summary>How a person gets in, and where they are.</summary>
/// <param name="Credentials">The ways in that are set up.</param>
/// <param name="Sessions">The sessions that have not ended, the newest first.</param>
internal sealed record UserAccess(IReadOnlyList<UserCredential> Credentials, IReadOnlyList<UserSession> Sessions);
