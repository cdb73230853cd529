using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NovaId.Certificates;

/// <summary>
/// A small certificate authority for the servers of one application: ECDSA on P-256, certificates for DNS names alone (RFC 5280, 4.2.1.6),
/// for servers alone. Its key is in this process, or in a folder that only this user reads; no container is given it.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The file with the authority's own certificate, which everybody may read.</summary>
    public const string CertificateFile = "authority.crt";

    /// <summary>The file with the authority's private key, which its owner alone may read.</summary>
    public const string KeyFile = "authority.key";

    private const int SerialNumberLength = 16;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersAlone | UnixFileMode.UserExecute;

    /// <summary>How long an authority counts, if nothing is said.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>One that ends sooner is replaced when the application starts, and no certificate lives longer.</summary>
    public static readonly TimeSpan LastDays = TimeSpan.FromDays(30);

    /// <summary>How long one counts that signs for what is published: its servers run for months, and whoever asks them learns of a new authority only
    /// when they are started again.</summary>
    public static readonly TimeSpan PublishedLifetime = TimeSpan.FromDays(3650);

    /// <summary>The clocks of two containers are one; those of two machines differ by a little.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    private readonly X509Certificate2 _certificate;
    private readonly ECDsa _key;
    private readonly TimeProvider _clock;

    private CertificateAuthority(X509Certificate2 certificate, ECDsa key, TimeProvider clock) => (_certificate, _key, _clock) = (certificate, key, clock);

    /// <summary>The authority's own certificate (RFC 7468), by which others know what it signed.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Until when the authority counts.</summary>
    public DateTimeOffset NotAfter => _certificate.NotAfter;

    /// <summary>Makes a new authority, whose key ends with this process unless it is kept.</summary>
    /// <param name="name">What it is called in its certificate.</param>
    /// <param name="clock">The clock; the system's if nothing is said.</param>
    /// <param name="lifetime">How long it counts; <see cref="Lifetime"/> if nothing is said.</param>
    /// <returns>The authority.</returns>
    public static CertificateAuthority Create(string name, TimeProvider? clock = null, TimeSpan? lifetime = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        clock ??= TimeProvider.System;
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // No two authorities have one name: whoever looks for the issuer finds the right one, or none.
        var request = new CertificateRequest(NameOf($"{name} {RandomNumberGenerator.GetHexString(8, lowercase: true)}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = clock.GetUtcNow();
        return new(request.CreateSelfSigned(now - ClockDifference, now + (lifetime ?? Lifetime)), key, clock);
    }

    /// <summary>Takes the authority that a folder keeps, or makes one and keeps it there. One that is about to end is replaced.</summary>
    /// <param name="folder">The folder, which belongs to this user alone.</param>
    /// <param name="name">What a new one is called in its certificate.</param>
    /// <param name="clock">The clock; the system's if nothing is said.</param>
    /// <param name="lifetime">How long a new one counts; <see cref="Lifetime"/> if nothing is said.</param>
    /// <returns>The authority.</returns>
    /// <exception cref="CertificateAuthorityException">The folder cannot be used, its key can be read by others, or what it holds is no
    /// authority; the message names the file and the remedy.</exception>
    public static CertificateAuthority Keep(string folder, string name, TimeProvider? clock = null, TimeSpan? lifetime = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        clock ??= TimeProvider.System;
        var (certificateFile, keyFile) = (Path.Combine(folder, CertificateFile), Path.Combine(folder, KeyFile));
        try
        {
            if (File.Exists(certificateFile) && File.Exists(keyFile))
            {
                EnsureOwnersAlone(keyFile);
                var kept = Read(certificateFile, keyFile, clock);
                if (kept.NotAfter - clock.GetUtcNow() > LastDays)
                {
                    return kept;
                }

                kept.Dispose();
            }

            var authority = Create(name, clock, lifetime);
            OwnedFile.CreateFolder(folder, OwnersFolder);
            OwnedFile.Write(keyFile, authority._key.ExportPkcs8PrivateKeyPem(), OwnersAlone);
            OwnedFile.Write(certificateFile, authority.CertificatePem, OwnedFile.Readable);
            return authority;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateAuthorityException(
                $"The certificate authority cannot be kept in {folder}: {exception.Message} Let this user read and write there, or remove the folder.", exception);
        }
    }

    /// <summary>Signs a new certificate with a new key.</summary>
    /// <param name="names">The names by which the server is called, and no other counts.</param>
    /// <param name="lifetime">How long it counts; never longer than the authority.</param>
    /// <returns>The certificate.</returns>
    public IssuedCertificate Issue(IReadOnlyList<string> names, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfZero(names.Count);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NameOf(names[0]), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _clock.GetUtcNow();
        var end = now + lifetime < NotAfter ? now + lifetime : NotAfter;
        using var certificate = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now - ClockDifference, end, NewSerialNumber());
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), now, certificate.NotAfter);
    }

    /// <summary>Has a client of this machine believe one server: whoever presents a certificate of this authority that counts now, for its name.
    /// By which address the server is reached makes no difference.</summary>
    /// <param name="name">The server's name.</param>
    /// <returns>What the client asks about the certificate that it is presented.</returns>
    public RemoteCertificateValidationCallback Expecting(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return (_, presented, _, _) =>
        {
            if (presented is null)
            {
                return false;
            }

            using var certificate = X509CertificateLoader.LoadCertificate(presented.GetRawCertData());
            return Refusal(certificate, [name]) is null;
        };
    }

    /// <summary>Says why a server's certificate would be refused by who trusts this authority alone and calls the server by these names.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="names">The names.</param>
    /// <returns>Why, as the end of a sentence; null if it counts.</returns>
    public string? Refusal(X509Certificate2 certificate, IEnumerable<string> names) => Refusal(_certificate, certificate, names, _clock);

    /// <summary>Says why a server's certificate would be refused by who trusts one authority alone and calls the server by these names.</summary>
    /// <param name="authority">The authority's own certificate.</param>
    /// <param name="certificate">The server's certificate.</param>
    /// <param name="names">The names.</param>
    /// <param name="clock">The clock; the system's if nothing is said.</param>
    /// <returns>Why, as the end of a sentence; null if it counts.</returns>
    public static string? Refusal(X509Certificate2 authority, X509Certificate2 certificate, IEnumerable<string> names, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(names);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        var now = (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTime = now;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        if (!chain.Build(certificate))
        {
            var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
            return certificate.NotBefore.ToUniversalTime() > now ? FormattableString.Invariant($"counts from {certificate.NotBefore.ToUniversalTime():u} on")
                : status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? FormattableString.Invariant($"counted until {certificate.NotAfter.ToUniversalTime():u}")
                : status.HasFlag(X509ChainStatusFlags.PartialChain) ? "is of another authority"
                : $"does not count ({status})";
        }

        return names.FirstOrDefault(name => !certificate.MatchesHostname(name)) is { } missing ? $"is not for the name {missing}" : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateAuthority Read(string certificateFile, string keyFile, TimeProvider clock)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            var isAuthority = pair.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
            return isAuthority && pair.GetECDsaPrivateKey() is { } key
                ? new(X509CertificateLoader.LoadCertificate(pair.RawData), key, clock)
                : throw new CryptographicException("It is not an authority's, or its key is not one for ECDSA.");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CertificateAuthorityException(
                $"{certificateFile} and {Path.GetFileName(keyFile)} beside it hold no certificate authority: {exception.Message} Remove both, and the next start makes a new one.", exception);
        }
    }

    private static void EnsureOwnersAlone(string keyFile)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(keyFile) & ~OwnersAlone) != 0)
        {
            throw new CertificateAuthorityException(
                $"{keyFile} can be read by others than its owner, and whoever has it can pass for every server. Remove it, and the next start makes a new one.");
        }
    }

    private static X500DistinguishedName NameOf(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        return name.Build();
    }

    /// <summary>Positive and without a leading zero (RFC 5280, 4.1.2.2).</summary>
    private static byte[] NewSerialNumber()
    {
        var number = RandomNumberGenerator.GetBytes(SerialNumberLength);
        number[0] = (byte)((number[0] & 0x7f) | 0x40);
        return number;
    }
}
