using System.Net.Security;

namespace NovaId.AppHost.Configuration;

/// <summary>Adds the authority whose certificates count inside the zone.</summary>
internal static class ZoneAuthorityExtensions
{
    /// <summary>Adds the authority. It is kept where the zone's other secrets are kept, for this user alone; otherwise it ends with the zone.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="options">Whether it is kept, and how long its certificates count.</param>
    /// <returns>The authority.</returns>
    public static IResourceBuilder<CertificateAuthorityResource> AddZoneAuthority(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, ZoneOptions options) =>
        builder.AddCertificateAuthority(name, options.KeepData && builder.ExecutionContext.IsRunMode ? options.DataFolder(name) : null)
            .WithCertificateLifetime(options.CertificateLifetime);

    /// <summary>Has the gateway speak TLS where that is chosen: to browsers, by the zone's name, and to everybody inside, by its own.</summary>
    /// <param name="builder">The gateway.</param>
    /// <param name="options">Whether, and the zone's address.</param>
    /// <param name="authority">The zone's authority.</param>
    /// <returns>The same gateway.</returns>
    public static IResourceBuilder<OathkeeperResource> WithTls(
        this IResourceBuilder<OathkeeperResource> builder, ZoneOptions options, IResourceBuilder<CertificateAuthorityResource> authority)
    {
        if (!options.Https)
        {
            return builder;
        }

        var (application, local) = (builder.ApplicationBuilder, new Uri(options.GatewayAddress).Host);
        return application.ExecutionContext.IsRunMode
            ? builder.WithTls(authority, local, new Uri(options.Address).Host)
            : builder.WithTls(authority, local).WithPublishedCertificateName(application.PublishedHost(options));
    }

    /// <summary>What a client in this process asks about the gateway's certificate; null where the gateway has none.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="options">Where the gateway is reached.</param>
    public static RemoteCertificateValidationCallback? GatewayCertificate(this IDistributedApplicationBuilder builder, ZoneOptions options)
    {
        if (!options.Https || !builder.ExecutionContext.IsRunMode)
        {
            return null;
        }

        var authority = builder.Resources.OfType<CertificateAuthorityResource>().Single();
        var name = new Uri(options.GatewayAddress).Host;
        return (sender, certificate, chain, errors) => authority.Authority.Expecting(name)(sender, certificate, chain, errors);
    }
}
