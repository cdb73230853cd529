namespace NovaId.Contract.Drivers;

/// <summary>A mail of the zone's mailbox.</summary>
/// <param name="Code">The code in it.</param>
/// <param name="Text">Its plain body.</param>
public sealed record ReceivedMail(string Code, string Text)
{
    /// <summary>The mail without its contents, so that no log shows them.</summary>
    public override string ToString() => nameof(ReceivedMail);
}
