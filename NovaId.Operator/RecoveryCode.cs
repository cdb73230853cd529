namespace NovaId.Operator;

/// <summary>A way back into an account, good once (<see href="https://www.ory.com/docs/kratos/self-service/flows/account-recovery-password-reset"/>).</summary>
/// <param name="Code">The code.</param>
/// <param name="Link">Where it is entered.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record RecoveryCode(string Code, string Link, DateTimeOffset? ExpiresAt)
{
    /// <summary>Where it is entered, without the code, so that no log shows it.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(RecoveryCode);
}
