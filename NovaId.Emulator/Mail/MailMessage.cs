using System.Collections.Immutable;

namespace NovaId.Emulator.Mail;

/// <summary>A mail that was sent, and that nobody will ever receive but whoever may read the mailbox.</summary>
/// <param name="From">The sender.</param>
/// <param name="To">The recipients.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The plain body.</param>
/// <param name="Html">The body for a reader that shows HTML; empty without one.</param>
internal sealed record MailMessage(MailAddress From, ImmutableArray<MailAddress> To, string Subject, string Text, string Html)
{
    /// <summary>The mailbox's own name for it.</summary>
    public string Id { get; init; } = "";

    /// <summary>The sender's name for it (RFC 5322, 3.6.4), without the angle brackets.</summary>
    public string MessageId { get; init; } = "";

    public DateTimeOffset Received { get; init; }

    /// <summary>How long it is, in bytes.</summary>
    public long Size { get; init; }

    public bool Read { get; init; }

    /// <summary>Says nothing of the contents, which are codes: a record would print its members.</summary>
    public override string ToString() => $"{nameof(MailMessage)} {Id}";
}
