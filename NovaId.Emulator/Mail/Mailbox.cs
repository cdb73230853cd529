using System.Security.Cryptography;

namespace NovaId.Emulator.Mail;

/// <summary>The zone's mailbox: every mail that is sent ends here. It keeps the newest, as many as the container zone's mail catcher.</summary>
internal sealed class Mailbox(TimeProvider time)
{
    /// <summary>How many mails are kept.</summary>
    public const int Capacity = 500;

    // Mailpit's alphabet: nothing that is easily misread.
    private const string IdAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int IdLength = 22;

    private readonly Lock _lock = new();
    private readonly LinkedList<MailMessage> _mails = [];

    /// <summary>Told of each mail, after it can be read.</summary>
    public Action<MailMessage>? Received { get; set; }

    public void Deliver(MailMessage mail)
    {
        var received = mail with { Id = RandomNumberGenerator.GetString(IdAlphabet, IdLength), Received = time.GetUtcNow() };
        lock (_lock)
        {
            _mails.AddFirst(received);
            if (_mails.Count > Capacity)
            {
                _mails.RemoveLast();
            }
        }

        Received?.Invoke(received);
    }

    /// <summary>All mails, newest first.</summary>
    public IReadOnlyList<MailMessage> List()
    {
        lock (_lock)
        {
            return [.. _mails];
        }
    }

    /// <summary>Opens a mail: whoever lists it afterwards sees that it was read.</summary>
    /// <param name="id">The mail's id, or <c>latest</c>.</param>
    /// <returns>The mail as it was, or null if there is none.</returns>
    public MailMessage? Open(string id)
    {
        lock (_lock)
        {
            for (var node = _mails.First; node is not null; node = node.Next)
            {
                if (id == "latest" || node.Value.Id == id)
                {
                    var mail = node.Value;
                    node.Value = mail with { Read = true };
                    return mail;
                }
            }

            return null;
        }
    }
}
