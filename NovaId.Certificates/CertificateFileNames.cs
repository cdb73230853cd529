namespace NovaId.Certificates;

/// <summary>What the files of a server's certificate are called: as Kubernetes and cert-manager call them.</summary>
public static class CertificateFileNames
{
    /// <summary>The authority's certificate, by which others are known.</summary>
    public const string Authority = "ca.crt";

    /// <summary>The server's own certificate.</summary>
    public const string Certificate = "tls.crt";

    /// <summary>Its private key, which the server's user alone reads.</summary>
    public const string Key = "tls.key";
}
