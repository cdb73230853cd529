using System.Globalization;
using k8s;
using k8s.Models;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The component with which cert-manager makes and renews the certificates inside the application: an authority of the application's own, whose
/// key stands in cert-manager's namespace, and a Certificate for each Secret.
/// </summary>
internal sealed class KubernetesCertManager(KubernetesZone zone, IReadOnlyList<KubernetesCertificate> certificates)
{
    /// <summary>What it is called: its folder, and the namespace in which cert-manager looks for the keys of a ClusterIssuer unless it is told
    /// otherwise (<see href="https://cert-manager.io/docs/configuration/#cluster-resource-namespace"/>).</summary>
    public const string Name = "cert-manager";

    private const string Root = "self-signed";

    /// <summary>cert-manager takes no shorter time: <see href="https://cert-manager.io/docs/usage/certificate/"/>.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    /// <summary>The objects.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> Describe() =>
    [
        .. certificates.Select(certificate => certificate.Authority).DistinctBy(authority => authority.Name).SelectMany(DescribeAuthority),
        .. certificates.Select(DescribeCertificate),
    ];

    /// <summary>The places of settings in the names of certificates: the setting, the certificate, and where.</summary>
    public IEnumerable<(PublishedSetting Setting, KubernetesCertificate Certificate, string Field)> Settings =>
        from certificate in certificates
        from name in certificate.Names.Index()
        from setting in name.Item.Settings
        select (setting, certificate, string.Create(CultureInfo.InvariantCulture, $"spec.dnsNames.{name.Index}"));

    private IEnumerable<IKubernetesObject<V1ObjectMeta>> DescribeAuthority(PublishedAuthority authority)
    {
        var (name, root) = (NameOf(authority), $"{NameOf(authority)}-{Root}");
        yield return new V1ClusterIssuer { Metadata = Metadata(root, home: null), Spec = new() { SelfSigned = new() } };
        yield return new V1Certificate
        {
            Metadata = Metadata(name, Name),
            Spec = new()
            {
                SecretName = name,
                CommonName = name,
                IsCA = true,
                Duration = Hours(CertificateAuthority.PublishedLifetime),
                Usages = ["cert sign", "crl sign"],
                PrivateKey = NewKey(),
                IssuerRef = new() { Name = root, Kind = V1ClusterIssuer.KubeKind, Group = CertManager.Group },
            },
        };
        yield return new V1ClusterIssuer { Metadata = Metadata(name, home: null), Spec = new() { Ca = new() { SecretName = name } } };
    }

    private V1Certificate DescribeCertificate(KubernetesCertificate certificate)
    {
        var lifetime = certificate.Lifetime > Shortest ? certificate.Lifetime : Shortest;
        return new()
        {
            Metadata = Metadata(certificate.Secret, certificate.Namespace),
            Spec = new()
            {
                SecretName = certificate.Secret,
                // Who only asks has the authority's certificate of it, and shows its own to nobody.
                DnsNames = certificate.IsServer ? [.. certificate.Names.Select(name => name.Write(literal => literal, setting => setting.Default ?? setting.Name))] : [certificate.Secret],
                Duration = Hours(lifetime),
                RenewBefore = Hours(lifetime / 3),
                Usages = ["digital signature", certificate.IsServer ? "server auth" : "client auth"],
                PrivateKey = NewKey(),
                IssuerRef = new() { Name = NameOf(certificate.Authority), Kind = V1ClusterIssuer.KubeKind, Group = CertManager.Group },
            },
        };
    }

    private static V1CertificatePrivateKey NewKey() => new() { Algorithm = "ECDSA", Size = 256, Encoding = "PKCS8", RotationPolicy = "Always" };

    /// <summary>A name that no other application of the cluster has.</summary>
    private string NameOf(PublishedAuthority authority) => $"{zone.Application}-{authority.Name}";

    private V1ObjectMeta Metadata(string name, string? home) =>
        new() { Name = name, NamespaceProperty = home, Labels = new Dictionary<string, string> { [KubernetesZone.ApplicationLabel] = zone.Application } };

    /// <summary>As Go writes a time.</summary>
    private static string Hours(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes}m{time.Seconds}s");
}
