namespace Aspire.Hosting.Networks;

/// <summary>
/// A Secret with the files of <see cref="CertificateFiles"/>, under the names that cert-manager gives them
/// (<see href="https://cert-manager.io/docs/usage/certificate/#target-secret"/>), so that it may be cert-manager's as well.
/// </summary>
/// <param name="Authority">The authority.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Secret">The name of the Secret.</param>
/// <param name="Names">The names by which the server is called; none where the Secret is there for the authority's certificate alone.</param>
/// <param name="Lifetime">How long a certificate counts, unless whoever makes it says otherwise.</param>
internal sealed record KubernetesCertificate(PublishedAuthority Authority, string Namespace, string Secret, IReadOnlyList<PublishedText> Names, TimeSpan Lifetime)
{
    /// <summary>Whether a server's own certificate is in it.</summary>
    public bool IsServer => Names.Count > 0;

    /// <summary>The keys that whoever mounts the Secret finds there as files.</summary>
    public IReadOnlyList<string> Files => IsServer
        ? [CertificateFileNames.Authority, CertificateFileNames.Certificate, CertificateFileNames.Key]
        : [CertificateFileNames.Authority];

    /// <summary>The Secret that a service mounts.</summary>
    public static KubernetesCertificate? Of(KubernetesZone zone, PublishedService service) => service.Certificate is not { } certificate ? null
        : certificate.IsServer ? new(
            zone.AuthorityOf(certificate), zone.NamespaceOf(service), $"{service.Name}-tls", certificate.Names,
            certificate.IsReadOnce ? CertificateAuthority.LastDays : zone.AuthorityOf(certificate).CertificateLifetime)
        : OfClients(zone, certificate, zone.NamespaceOf(service));

    /// <summary>The Secret by which whoever stands in front of the application knows its entry; null where that speaks no TLS.</summary>
    public static KubernetesCertificate? OfEntry(KubernetesZone zone) =>
        zone.Entry is { Certificate: { IsServer: true } certificate } entry ? OfClients(zone, certificate, zone.NamespaceOf(entry)) : null;

    /// <summary>Every Secret of an application.</summary>
    public static IReadOnlyList<KubernetesCertificate> AllOf(KubernetesZone zone) =>
    [
        .. zone.Services.Select(service => Of(zone, service)).Append(OfEntry(zone)).OfType<KubernetesCertificate>()
            .DistinctBy(certificate => (certificate.Namespace, certificate.Secret)),
    ];

    private static KubernetesCertificate OfClients(KubernetesZone zone, PublishedCertificate certificate, string home) =>
        new(zone.AuthorityOf(certificate), home, $"{certificate.Authority}-ca", [], zone.AuthorityOf(certificate).CertificateLifetime);
}
