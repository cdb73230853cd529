using k8s;
using k8s.Models;

namespace Aspire.Hosting.Networks;

/// <summary>A certificate that cert-manager makes and renews: <see href="https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate"/>.</summary>
[KubernetesEntity(ApiVersion = "v1", Group = CertManager.Group, Kind = KubeKind, PluralName = "certificates")]
internal sealed class V1Certificate : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "Certificate";

    public string ApiVersion { get; set; } = CertManager.Version;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1CertificateSpec Spec { get; set; } = new();
}

/// <summary>What is asked of a certificate.</summary>
internal sealed class V1CertificateSpec
{
    public string? SecretName { get; set; }

    public string? CommonName { get; set; }

    public IList<string>? DnsNames { get; set; }

    public string? Duration { get; set; }

    public string? RenewBefore { get; set; }

    public bool? IsCA { get; set; }

    public IList<string>? Usages { get; set; }

    public V1CertificatePrivateKey? PrivateKey { get; set; }

    public V1IssuerReference? IssuerRef { get; set; }
}

/// <summary>What key it has.</summary>
internal sealed class V1CertificatePrivateKey
{
    public string? Algorithm { get; set; }

    public int? Size { get; set; }

    public string? Encoding { get; set; }

    public string? RotationPolicy { get; set; }
}

/// <summary>Who signs it.</summary>
internal sealed class V1IssuerReference
{
    public string? Name { get; set; }

    public string? Kind { get; set; }

    public string? Group { get; set; }
}

/// <summary>Who signs certificates of every namespace: <see href="https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.ClusterIssuer"/>.</summary>
[KubernetesEntity(ApiVersion = "v1", Group = CertManager.Group, Kind = KubeKind, PluralName = "clusterissuers")]
internal sealed class V1ClusterIssuer : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "ClusterIssuer";

    public string ApiVersion { get; set; } = CertManager.Version;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1IssuerSpec Spec { get; set; } = new();
}

/// <summary>With what an issuer signs: one of the two.</summary>
internal sealed class V1IssuerSpec
{
    public V1SelfSignedIssuer? SelfSigned { get; set; }

    public V1CAIssuer? Ca { get; set; }
}

/// <summary>With the key of the certificate itself.</summary>
internal sealed class V1SelfSignedIssuer;

/// <summary>With the key of an authority.</summary>
internal sealed class V1CAIssuer
{
    public string? SecretName { get; set; }
}

/// <summary>What is the same in all of them.</summary>
internal static class CertManager
{
    public const string Group = "cert-manager.io";
    public const string Version = $"{Group}/v1";
}
