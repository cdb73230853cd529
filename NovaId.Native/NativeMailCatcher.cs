using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using NovaId.Emulator.Mail;
using SmtpServer;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace NovaId.Native;

/// <summary>The mail catcher of the native zone: it takes every mail that Kratos sends and shows them as the container zone's does.</summary>
internal sealed class NativeMailCatcher : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _api;
    private readonly Task _smtp;

    private NativeMailCatcher(WebApplication api, int smtpPort, Mailbox mailbox)
    {
        _api = api;
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Store(mailbox));
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, smtpPort)))
            .Build();
        _smtp = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    public static async Task<NativeMailCatcher> StartAsync(int smtpPort, int httpPort)
    {
        var mailbox = new Mailbox(TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, httpPort));
        builder.Services.AddRoutingCore();
        var api = builder.Build();
        new MailApi(mailbox).Map(api);
        await api.StartAsync();
        return new NativeMailCatcher(api, smtpPort, mailbox);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _smtp;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        _stop.Dispose();
        await _api.DisposeAsync();
    }

    private sealed class Store(Mailbox mailbox) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            using var message = await MimeMessage.LoadAsync(stream, cancellationToken);
            var from = message.From.Mailboxes.First();
            mailbox.Deliver(new MailMessage(
                new MailAddress(from.Name ?? "", from.Address),
                [.. message.To.Mailboxes.Select(to => new MailAddress(to.Name ?? "", to.Address))],
                message.Subject ?? "",
                message.TextBody ?? "",
                message.HtmlBody ?? "")
            {
                MessageId = message.MessageId ?? "",
                Size = buffer.Length,
            });
            return SmtpResponse.Ok;
        }
    }
}
