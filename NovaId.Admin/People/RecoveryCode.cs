namespace NovaId.Admin.People;

/// <summary>A code with which a person gets in again, good once.</summary>
public sealed record RecoveryCode(string Code, string Link, DateTimeOffset? ExpiresAt)
{
    /// <summary>Without the code, so that no log shows it.</summary>
    public override string ToString() => nameof(RecoveryCode);
}
