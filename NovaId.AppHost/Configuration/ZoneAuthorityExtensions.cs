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
}
