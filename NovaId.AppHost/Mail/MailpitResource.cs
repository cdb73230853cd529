namespace NovaId.AppHost.Mail;

/// <summary>Mailpit: it takes every mail that Kratos sends and delivers none, <see href="https://mailpit.axllent.org"/>.</summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
public sealed class MailpitResource(string name) : ContainerResource(name)
{
    /// <summary>The port that takes mails.</summary>
    public const int SmtpPort = 1025;

    /// <summary>The port that shows them.</summary>
    public const int HttpPort = 8025;
}
