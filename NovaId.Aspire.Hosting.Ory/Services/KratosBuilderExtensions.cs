namespace Aspire.Hosting;

/// <summary>Adds Kratos.</summary>
public static class KratosBuilderExtensions
{
    /// <summary>Adds Kratos with generated secrets and the least of a configuration: people with an e-mail address and a password, kept in
    /// memory.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on its networks.</param>
    /// <param name="persistSecrets">Whether the next start finds the same secrets, in the user secrets of the AppHost.</param>
    /// <returns>Kratos.</returns>
    public static IResourceBuilder<KratosResource> AddKratos(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persistSecrets = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddOryService(new KratosResource(name))
            .WithIconName("PersonKey")
            .WithSecrets(persistSecrets, "default", "cookie", "cipher", "pagination")
            .WithEnvironment("CIPHERS_ALGORITHM", "xchacha20-poly1305")
            .WithListener(KratosResource.PublicPort, OryServiceBuilderExtensions.Alive)
            .WithListener(KratosResource.AdminPort, Greeting.Http("/admin/health/alive", OryServiceBuilderExtensions.Alive.Answer))
            .WithContainerHealthCheck($"wget -q -T 3 -O /dev/null http://127.0.0.1:{KratosResource.AdminPort}/admin/health/ready")
            .WithFaultSwitches();
    }

    /// <summary>Has Kratos speak TLS on both its ports (<see href="https://www.ory.com/docs/kratos/reference/configuration"/>, <c>serve.public.tls</c> and
    /// <c>serve.admin.tls</c>) with a certificate for its name, and trust nobody but the authority.</summary>
    /// <param name="builder">Kratos.</param>
    /// <param name="authority">The authority that signs its certificate.</param>
    /// <returns>Kratos.</returns>
    public static IResourceBuilder<KratosResource> WithTls(this IResourceBuilder<KratosResource> builder, IResourceBuilder<CertificateAuthorityResource> authority)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        return builder.SpeakTls(authority, "SERVE_PUBLIC_TLS", "SERVE_ADMIN_TLS");
    }
}
