namespace NovaId.Emulator.Mail;

/// <summary>Who a mail is from or to.</summary>
/// <param name="Name">The name that is shown; empty without one.</param>
/// <param name="Address">The address itself.</param>
internal sealed record MailAddress(string Name, string Address);
