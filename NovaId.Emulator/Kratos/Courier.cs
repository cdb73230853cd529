using System.Text;
using NovaId.Emulator.Mail;

namespace NovaId.Emulator.Kratos;

/// <summary>Sends mails, which all end in the zone's mailbox, and remembers as many of them as that does.</summary>
internal sealed class Courier(KratosConfiguration configuration, Mailbox mailbox, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<CourierMessage> _messages = [];

    public void Send(string recipient, MailTemplate template)
    {
        var message = new CourierMessage(Guid.NewGuid(), Guid.NewGuid(), recipient, template.Type, time.GetUtcNow());
        lock (_lock)
        {
            _messages.AddFirst(message);
            if (_messages.Count > Mailbox.Capacity)
            {
                _messages.RemoveLast();
            }
        }

        var (sender, text, html) = (configuration.MailSender, Wire(template.Text), Wire(template.Html));
        mailbox.Deliver(new MailMessage(sender, [new MailAddress("", recipient)], template.Subject, text, html)
        {
            MessageId = $"{message.Id}@{sender.Address.Split('@')[^1]}",
            Size = Encoding.UTF8.GetByteCount(text) + Encoding.UTF8.GetByteCount(html),
        });
    }

    /// <summary>The messages, newest first.</summary>
    public IReadOnlyList<CourierMessage> List()
    {
        lock (_lock)
        {
            return [.. _messages.OrderByDescending(message => message.CreatedAt).ThenBy(message => message.Id.ToString(), StringComparer.Ordinal)];
        }
    }

    public CourierMessage? Find(Guid id)
    {
        lock (_lock)
        {
            return _messages.FirstOrDefault(message => message.Id == id);
        }
    }

    /// <summary>A mail's lines end as RFC 5322 has them.</summary>
    private static string Wire(string text) => text.ReplaceLineEndings("\r\n");
}
