using NovaId.Emulator.Hosting;

namespace NovaId.Emulator.Mail;

/// <summary>The zone's mailbox on the private network, under the name and the port of the container zone's mail catcher.</summary>
internal sealed class MailService : IEmbeddedService
{
    /// <summary>The gateway's rules that lead here.</summary>
    public const string RuleFile = "mail-rule.yml";

    private const string Host = "mail";
    private const int Port = 8025;

    private readonly WebApplication _app;

    private MailService(ServiceContext context, Mailbox mailbox)
    {
        _app = ServiceHost.CreateBuilder(context, Host, Port).Build();
        _app.UsePort(Port, new MailApi(mailbox).Map);
    }

    public static MailService Create(ServiceContext context, Mailbox mailbox) => new(context, mailbox);

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
