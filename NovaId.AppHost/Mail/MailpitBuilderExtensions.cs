namespace NovaId.AppHost.Mail;

/// <summary>A mail catcher on the private network.</summary>
public static class MailpitBuilderExtensions
{
    /// <summary>Any but root's: it keeps nothing.</summary>
    private const int UserId = 1000;

    /// <summary>Adds Mailpit: SMTP on port 1025, its interface on port 8025, both inside the network only.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on the network.</param>
    /// <param name="networks">The networks it stands on.</param>
    /// <returns>The mail catcher.</returns>
    public static IResourceBuilder<MailpitResource> AddMailpit(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, params IResourceBuilder<ContainerNetworkResource>[] networks)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new MailpitResource(name))
            .WithImage(MailpitImageTags.Image, MailpitImageTags.Tag)
            .WithImageRegistry(MailpitImageTags.Registry)
            .WithIconName("Mail")
            // It asks its maker for newer versions, and has no way out.
            .WithEnvironment("MP_DISABLE_VERSION_CHECK", "true")
            .WithEnvironment("MP_MAX_MESSAGES", "500")
            .OnNetworks(networks)
            .RunsAs(UserId)
            .WithRestart()
            .WithListener(MailpitResource.SmtpPort, Greeting.Smtp)
            // That it is ready is all it says there.
            .WithListener(MailpitResource.HttpPort, Greeting.Http("/readyz", ""))
            .WithContainerHealthCheck($"wget -q -T 3 -O /dev/null http://127.0.0.1:{MailpitResource.HttpPort}/readyz");
    }

    /// <summary>Lets the operator, and nobody else, read the mails through the gateway: <c>/svc/mail/api/v1/…</c> with the scope
    /// <c>mail.read</c>.</summary>
    /// <param name="builder">The mail catcher.</param>
    /// <param name="gateway">The gateway.</param>
    /// <returns>The same mail catcher.</returns>
    public static IResourceBuilder<MailpitResource> BehindGateway(
        this IResourceBuilder<MailpitResource> builder, IResourceBuilder<OathkeeperResource> gateway)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(gateway);
        gateway.WithFurtherRules("mail-rule.yml");
        return builder;
    }
}
