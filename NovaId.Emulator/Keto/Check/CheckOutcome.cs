namespace NovaId.Emulator.Keto.Check;

/// <summary>What a check, or a part of one, came to.</summary>
/// <param name="Membership">What was found.</param>
/// <param name="Error">Why the check broke off, if it did. Keto keeps a membership beside an error, and a batch shows both.</param>
internal readonly record struct CheckOutcome(Membership Membership, KetoException? Error = null)
{
    public static readonly CheckOutcome Unknown = new(Membership.Unknown);
    public static readonly CheckOutcome IsMember = new(Membership.IsMember);
    public static readonly CheckOutcome NotMember = new(Membership.NotMember);

    /// <summary>Whether alternatives need not be looked at any more.</summary>
    public bool Decides => Error is not null || Membership == Membership.IsMember;
}
