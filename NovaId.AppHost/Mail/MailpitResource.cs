namespace NovaId.AppHost.Mail;

/// <summary>Mailpit: it takes every mail that Kratos sends and delivers none, <see href="https://mailpit.axllent.org"/>.</summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
public sealed class MailpitResource(string name) : ContainerResource(name);
