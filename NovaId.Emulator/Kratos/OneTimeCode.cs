namespace NovaId.Emulator.Kratos;

/// <summary>A code that was sent, without the code itself.</summary>
/// <param name="Hash">What tells whether a submitted code is this one.</param>
/// <param name="IdentityId">Whose it is; null for somebody who is only registering.</param>
/// <param name="Address">Where it was sent to; null if an administrator handed it over.</param>
/// <param name="ExpiresAt">Until when it is taken.</param>
internal sealed record OneTimeCode(byte[] Hash, Guid? IdentityId, string? Address, DateTimeOffset ExpiresAt)
{
    public bool Used { get; init; }
}
