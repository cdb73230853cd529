using System.Text.RegularExpressions;

namespace NovaId.Emulator.Mail;

/// <summary>Tells whoever sits before the console of each mail, in one line: to whom, and the subject, in which Kratos puts the code.</summary>
internal sealed partial class MailAnnouncer(TextWriter writer)
{
    private readonly Lock _lock = new();

    public void Announce(MailMessage mail)
    {
        // An address or a subject must not be able to write a line of its own, or to move the cursor.
        var line = ControlCharacters().Replace($"Mail to {string.Join(", ", mail.To.Select(person => person.Address))}: {mail.Subject}", " ");
        lock (_lock)
        {
            writer.WriteLine(line);
        }
    }

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex ControlCharacters();
}
