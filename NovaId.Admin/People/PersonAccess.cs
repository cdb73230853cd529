namespace NovaId.Admin.People;

/// <summary>How a person gets in, and where they are.</summary>
public sealed record PersonAccess(IReadOnlyList<PersonCredential> Credentials, IReadOnlyList<PersonSession> Sessions);
