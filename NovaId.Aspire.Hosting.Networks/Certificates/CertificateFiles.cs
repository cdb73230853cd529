namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a container finds its certificate and its authority's, under the names that Kubernetes and cert-manager use.</summary>
public static class CertificateFiles
{
    /// <summary>The folder.</summary>
    public const string Folder = "/etc/tls";

    /// <summary>The authority's certificate, by which others are known.</summary>
    public const string Authority = Folder + "/" + CertificateFileNames.Authority;

    /// <summary>The container's own certificate.</summary>
    public const string Certificate = Folder + "/" + CertificateFileNames.Certificate;

    /// <summary>Its private key, which the container's user alone reads.</summary>
    public const string Key = Folder + "/" + CertificateFileNames.Key;
}
