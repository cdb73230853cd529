namespace NovaId.Certificates;

/// <summary>A server's certificate with its private key.</summary>
/// <param name="CertificatePem">The certificate (RFC 7468).</param>
/// <param name="KeyPem">Its private key (PKCS #8, RFC 7468), which stands nowhere else.</param>
/// <param name="NotBefore">From when on it counts.</param>
/// <param name="NotAfter">Until when it counts.</param>
public sealed record IssuedCertificate(string CertificatePem, string KeyPem, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>When it is to be replaced: when a third of its time is left, so that a machine which slept has time to come back.</summary>
    public DateTimeOffset RenewFrom => NotAfter - ((NotAfter - NotBefore) / 3);

    /// <summary>Neither certificate nor key is for a log.</summary>
    /// <returns>Until when it counts.</returns>
    public override string ToString() => FormattableString.Invariant($"a certificate until {NotAfter:u}");
}
