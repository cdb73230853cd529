namespace NovaId.Emulator.Keto.Check;

/// <summary>What a check found.</summary>
internal enum Membership
{
    /// <summary>The depth ran out before anything was found.</summary>
    Unknown,
    IsMember,
    NotMember,
}
