namespace NovaId.Api.Users;

/// <summary>A code with which a person gets in again, at the one moment it is shown.</summary>
/// <param name="Code">The code to hand over. It is good once.</param>
/// <param name="Link">The page that takes it.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record UserRecovery(string Code, string Link, DateTimeOffset ExpiresAt)
{
    /// <summary>Nothing, since the code is a secret.</summary>
    public override string ToString() => nameof(UserRecovery);
}
