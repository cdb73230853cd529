namespace NovaId.AppHost.Mail;

/// <summary>A mail catcher on the private network.</summary>
public static class MailpitBuilderExtensions
{
    /// <summary>Any but root's: it keeps nothing.</summary>
    private const int UserId = 1000;

    /// <summary>What the image runs.</summary>
    private const string Program = "/mailpit";

    /// <summary>That it is ready is all it says there.</summary>
    private static readonly Greeting Ready = Greeting.Http("/readyz", "");

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
            .WithListener(MailpitResource.HttpPort, Ready)
            .WithContainerHealthCheck($"wget -q -T 3 -O /dev/null http://127.0.0.1:{MailpitResource.HttpPort}/readyz");
    }

    /// <summary>Has Mailpit speak TLS on both its ports with a certificate for its name, and take no mail before a client asks for that
    /// (<c>STARTTLS</c>, RFC 3207; <see href="https://mailpit.axllent.org/docs/configuration/runtime-options/"/>). Kratos asks for it, and sends nothing to
    /// whoever does not offer it or has another name. It reads the certificate when it starts and never again
    /// (<see href="https://github.com/axllent/mailpit/blob/v1.27.0/internal/smtpd/smtpd.go"/>, <c>ConfigureTLS</c>): for a new one it is started again.</summary>
    /// <param name="builder">The mail catcher.</param>
    /// <param name="authority">The authority that signs its certificate, which Kratos and the gateway trust.</param>
    /// <param name="kratos">Who sends mails.</param>
    /// <returns>The same mail catcher.</returns>
    public static IResourceBuilder<MailpitResource> WithTls(
        this IResourceBuilder<MailpitResource> builder, IResourceBuilder<CertificateAuthorityResource> authority, IResourceBuilder<KratosResource> kratos)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(kratos);
        // Kratos insists on STARTTLS unless its address of the server says otherwise.
        kratos.WithEnvironment("COURIER_SMTP_CONNECTION_URI", FormattableString.Invariant($"smtp://{builder.Resource.Name}:{MailpitResource.SmtpPort}/"));
        return builder
            .WithServerCertificate(authority, UserId)
            .WithRestartForCertificate()
            .WithCertificateWatch(Program)
            .WithEnvironment("MP_SMTP_TLS_CERT", CertificateFiles.Certificate)
            .WithEnvironment("MP_SMTP_TLS_KEY", CertificateFiles.Key)
            .WithEnvironment("MP_SMTP_REQUIRE_STARTTLS", "true")
            .WithEnvironment("MP_UI_TLS_CERT", CertificateFiles.Certificate)
            .WithEnvironment("MP_UI_TLS_KEY", CertificateFiles.Key)
            .WithListener(MailpitResource.HttpPort, Ready.OverTls())
            .WithContainerHealthCheck($"{Program} readyz");
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
